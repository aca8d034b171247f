package io.headwater.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The valid names that are closest to one that is not, for the message that refuses it. */
public final class NearNames {
    private NearNames() {}

    /** At most {@code limit} of {@code names}, the closest by edit distance first, equally close ones in order. */
    public static List<String> of(String wanted, Collection<String> names, int limit) {
        record Near(String name, int distance) {}

        return names.stream()
                .distinct()
                .map(name -> new Near(name, distance(wanted, name)))
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(limit)
                .map(Near::name)
                .toList();
    }

    /** Levenshtein's edit distance. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
