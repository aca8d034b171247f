package io.headwater.codec;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The names of domains that came last, so that the events of a domain share one string. Safe to share. */
final class DomainNames {
    /*
     * A name has one place, by its hash, and takes it from another one: names come from strangers, and a table that kept
     * them all would grow with them.
     */
    private static final int PLACES = 64;

    private final AtomicReferenceArray<@Nullable String> places = new AtomicReferenceArray<>(PLACES);

    /** A string equal to {@code name}, the one that was handed out before if it is still here. */
    String shared(String name) {
        int place = (name.hashCode() ^ name.hashCode() >>> 16) & PLACES - 1;
        String kept = places.get(place);
        if (kept != null && kept.equals(name)) {
            return kept;
        }
        places.set(place, name);
        return name;
    }
}
