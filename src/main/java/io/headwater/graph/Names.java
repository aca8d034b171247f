package io.headwater.graph;

import io.headwater.spelling.NearNames;
import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of names for an error message. */
final class Names {
    private static final int NEAREST = 5;
    private static final int SHOWN = 10;

    private Names() {}

    /** The names closest to {@code wanted} by edit distance, quoted. */
    static String nearest(String wanted, Collection<String> names) {
        return names.isEmpty() ? "none" : quoted(NearNames.of(wanted, names, NEAREST));
    }

    /** All of them, quoted, in the order given. */
    static String quoted(Collection<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    /** The first few of them, and how many more there are. */
    static String some(Collection<String> names) {
        String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }
}
