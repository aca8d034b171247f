package io.headwater.offline;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The names of the classes that a column of labels holds, and their order. */
public final class ClassNames {
    /** More than this is no class but something to be predicted as a number. */
    public static final int MOST = 1_000;

    /** Of more than these a message shows the first. */
    public static final int SHOWN = 10;

    private ClassNames() {}

    /**
     * The names in their order: by size where all are numbers, else by their characters. Of two the second is the one
     * that a score is for, called positive.
     *
     * @param positive the name of two that comes second all the same
     * @throws IllegalArgumentException if it is not one of two
     */
    public static List<String> ordered(Collection<String> found, Optional<String> positive) {
        List<String> sorted = sorted(found);
        if (positive.isEmpty()) {
            return sorted;
        }
        String name = positive.get();
        if (sorted.size() != 2 || !sorted.contains(name)) {
            throw new IllegalArgumentException("the positive class is '" + name
                    + "'; it has to be one of two classes, and there are " + some(sorted));
        }
        return List.of(sorted.get(sorted.get(0).equals(name) ? 1 : 0), name);
    }

    private static List<String> sorted(Collection<String> names) {
        boolean numbers = names.stream().allMatch(ClassNames::isNumber);
        Comparator<String> order = numbers
                ? Comparator.comparingDouble(Double::parseDouble).thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder();
        return names.stream().sorted(order).toList();
    }

    private static boolean isNumber(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The first ten, for a message. */
    public static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(names.size(), SHOWN)));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }
}
