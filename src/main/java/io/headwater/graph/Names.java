package io.headwater.graph;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Nearest valid names for an error message. */
final class Names {
    private static final int SHOWN = 5;

    private Names() {}

    /** The names closest to {@code wanted} by edit distance, quoted. */
    static String nearest(String wanted, Collection<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        return names.stream()
                .sorted(Comparator.<String>comparingInt(name -> distance(wanted, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
