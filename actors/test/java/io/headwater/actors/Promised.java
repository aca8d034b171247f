package io.headwater.actors;

import org.jspecify.annotations.Nullable;

/** The first promise that was found broken; kept, because whoever breaks one may catch what is thrown. */
final class Promised {
    private @Nullable String broken;

    /** @param otherwise what is wrong where it does not hold */
    void that(boolean holds, String otherwise) {
        if (!holds && broken == null) {
            broken = otherwise;
        }
    }

    /** Nothing is wrong, or what was found. */
    void nothing(@Nullable String wrong) {
        that(wrong == null, String.valueOf(wrong));
    }

    /** Which one, in one sentence; null if none was. */
    @Nullable
    String broken() {
        return broken;
    }
}
