package io.headwater.registry;

import java.time.Duration;

/**
 * How many versions stay on disk, and how long. A version goes when either says so, unless something holds it: it
 * serves, it is pinned, an operator chose it once, it is the source model or the newest, or a recovery needs it.
 *
 * @param keep the newest so many stay, at least 1: the newest one keeps its number from being given again
 * @param keepFor how long a version stays after it was made
 */
public record Retention(int keep, Duration keepFor) {
    /** Nothing goes. */
    public static final Retention ALL = new Retention(Integer.MAX_VALUE, Duration.ofMillis(Long.MAX_VALUE));

    public Retention {
        if (keep < 1) {
            throw new IllegalArgumentException("keep at least 1 version, not " + keep);
        }
        if (keepFor.isNegative() || keepFor.isZero()) {
            throw new IllegalArgumentException("versions are kept for some time, not for " + keepFor);
        }
    }

    /** Why a version goes, in a few words; empty if it stays. */
    String verdict(int newerOnes, long ageMs) {
        if (newerOnes >= keep) {
            return "beyond the newest " + keep;
        }
        return ageMs > keepFor.toMillis() ? "older than " + keepFor.toHours() + " hours" : "";
    }
}
