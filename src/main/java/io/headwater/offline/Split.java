package io.headwater.offline;

import io.headwater.learn.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rows train and which are held out, each in the order of the file.
 *
 * @param training row numbers
 * @param heldOut row numbers; never trained on
 */
record Split(int[] training, int[] heldOut) {
    /** The same share of each class, drawn by the seed; at least one row of a class that has two. */
    static Split stratified(Examples examples, double share, long seed) {
        SeededRandom random = new SeededRandom(seed);
        List<Integer> training = new ArrayList<>();
        List<Integer> heldOut = new ArrayList<>();
        for (int label = 0; label < examples.classes().size(); label++) {
            int of = label;
            int[] rows = IntStream.range(0, examples.firstRows())
                    .filter(row -> examples.label(row) == of)
                    .toArray();
            random.shuffle(rows);
            int held = rows.length < 2 ? 0 : Math.max(1, (int) Math.round(share * rows.length));
            for (int i = 0; i < rows.length; i++) {
                (i < Math.min(held, rows.length - 1) ? heldOut : training).add(rows[i]);
            }
        }
        return new Split(sorted(training), sorted(heldOut));
    }

    private static int[] sorted(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    /**
     * The last ones in time; rows of one time keep the file's order.
     *
     * @param order all rows, the earliest first
     */
    static Split last(int[] order, double share) {
        int held = Math.max(1, (int) Math.round(share * order.length));
        int[] training = Arrays.copyOf(order, Math.max(0, order.length - held));
        int[] heldOut = Arrays.copyOfRange(order, training.length, order.length);
        Arrays.sort(training);
        Arrays.sort(heldOut);
        return new Split(training, heldOut);
    }

    /** The first file's rows train, the other's are held out. */
    static Split byFile(Examples examples) {
        return new Split(
                IntStream.range(0, examples.firstRows()).toArray(),
                IntStream.range(examples.firstRows(), examples.rows()).toArray());
    }
}
