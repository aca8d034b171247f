package io.headwater.offline;

import io.headwater.event.Event;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Labelled rows of one file, and perhaps of a second one behind it that is held out. */
final class Examples {
    private final List<ExampleFile> files;
    private final List<String> classes;
    private final int[] labels;

    private Examples(List<ExampleFile> files, List<String> classes, int[] labels) {
        this.files = files;
        this.classes = classes;
        this.labels = labels;
    }

    /**
     * @param heldOut rows of another file, if there is one; its classes are those of {@code first}
     * @param positive the class of two that comes second
     * @param earlier classes of the model that is trained on: their order is kept where they are the same ones
     * @throws IllegalArgumentException if a label is missing, or there are too few or too many classes
     */
    static Examples of(
            ExampleFile first, Optional<ExampleFile> heldOut, Optional<String> positive, List<String> earlier) {
        Set<String> found = new HashSet<>();
        for (int row = 0; row < first.rows(); row++) {
            found.add(label(first, row));
            if (found.size() > ClassNames.MOST) {
                throw new IllegalArgumentException(first.where(row) + ": the label has more than " + ClassNames.MOST
                        + " different values by here; allowed are " + ClassNames.MOST + " classes");
            }
        }
        if (found.size() < 2) {
            throw new IllegalArgumentException("the label has "
                    + (found.isEmpty()
                            ? "no value"
                            : "the same value in every row, " + found.iterator().next())
                    + "; at least two classes are needed");
        }
        List<String> classes = earlier.size() == found.size() && found.containsAll(earlier) && positive.isEmpty()
                ? earlier
                : ClassNames.ordered(found, positive);
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(name -> places.put(name, places.size()));
        List<ExampleFile> files =
                Stream.concat(Stream.of(first), heldOut.stream()).toList();
        int[] labels = new int[files.stream().mapToInt(ExampleFile::rows).reduce(0, Math::addExact)];
        int next = 0;
        for (ExampleFile file : files) {
            for (int row = 0; row < file.rows(); row++) {
                String label = label(file, row);
                Integer place = places.get(label);
                if (place == null) {
                    throw new IllegalArgumentException(file.where(row) + ": the label is '" + label
                            + "', which no row to train on has; there are " + ClassNames.some(classes));
                }
                labels[next++] = place;
            }
        }
        return new Examples(files, classes, labels);
    }

    private static String label(ExampleFile file, int row) {
        String label = file.label(row);
        if (label == null || label.isBlank()) {
            throw new IllegalArgumentException(
                    file.where(row) + ": the label is missing; leave the row out, or give it one");
        }
        return label.strip();
    }

    /** The classes in the order of their numbers. */
    List<String> classes() {
        return classes;
    }

    /** Outputs that a head for them has. */
    int outputs() {
        return classes.size() == 2 ? 1 : classes.size();
    }

    int rows() {
        return labels.length;
    }

    /** Rows of the first file. */
    int firstRows() {
        return files.get(0).rows();
    }

    int label(int row) {
        return labels[row];
    }

    Event event(int row) {
        ExampleFile first = files.get(0);
        return row < first.rows() ? first.event(row) : files.get(1).event(row - first.rows());
    }

    /** How many of {@code rows} are of each class. */
    long[] count(int[] rows) {
        long[] counts = new long[classes.size()];
        Arrays.stream(rows).forEach(row -> counts[labels[row]]++);
        return counts;
    }
}
