package io.headwater.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Row numbers by what they are for.
 *
 * @param training to learn from
 * @param heldOut for every choice
 * @param test for the figures alone
 */
record Split(int[] training, int[] heldOut, int[] test) {
    /**
     * Shares of every class, drawn at random.
     *
     * @param testShare of all rows
     * @param heldOutShare of the rest
     */
    static Split stratified(int[] labels, double testShare, double heldOutShare, long seed) {
        int[][] parts = halves(labels, IntStream.range(0, labels.length).toArray(), testShare, new Random(seed));
        int[][] rest = halves(labels, parts[0], heldOutShare, new Random(seed + 1));
        return new Split(rest[0], rest[1], parts[1]);
    }

    /** The same test rows, and {@code count} rows of the others, by class as they come, to learn and choose with. */
    Split fewer(int[] labels, int count, double heldOutShare, long seed) {
        int[] learned = IntStream.concat(Arrays.stream(training), Arrays.stream(heldOut))
                .toArray();
        int[] kept = halves(labels, learned, count / (double) learned.length, new Random(seed))[1];
        int[][] rest = halves(labels, kept, heldOutShare, new Random(seed + 1));
        return new Split(rest[0], rest[1], test);
    }

    /** Rows in order of time: the last ones are the test, the last ones before them are held out. */
    static Split byTime(int rows, double testShare, double heldOutShare) {
        int past = rows - (int) Math.round(rows * testShare);
        int learned = past - (int) Math.round(past * heldOutShare);
        return new Split(
                IntStream.range(0, learned).toArray(),
                IntStream.range(learned, past).toArray(),
                IntStream.range(past, rows).toArray());
    }

    /** The rest, and {@code share} of every class, at least one row of each. */
    private static int[][] halves(int[] labels, int[] rows, double share, Random random) {
        int classes = Arrays.stream(labels).max().orElse(0) + 1;
        IntStream.Builder rest = IntStream.builder();
        IntStream.Builder part = IntStream.builder();
        for (int label = 0; label < classes; label++) {
            int wanted = label;
            int[] of = Arrays.stream(rows).filter(row -> labels[row] == wanted).toArray();
            for (int i = of.length - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int row = of[i];
                of[i] = of[other];
                of[other] = row;
            }
            int count = Math.max(1, (int) Math.round(of.length * share));
            for (int i = 0; i < of.length; i++) {
                (i < count ? part : rest).add(of[i]);
            }
        }
        return new int[][] {rest.build().toArray(), part.build().toArray()};
    }
}
