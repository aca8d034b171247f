package io.headwater.offline;

import io.headwater.event.Event;
import org.jspecify.annotations.Nullable;

/** Rows of one file, each with its class. */
interface ExampleFile {
    int rows();

    Event event(int row);

    /** The class in words, null where it is missing. */
    @Nullable
    String label(int row);

    /** Where the row is, for people. */
    String where(int row);
}
