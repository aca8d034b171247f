package io.headwater.dataset;

import java.nio.file.Path;

/**
 * How much of a file is taken into memory; a larger file is refused, not cut.
 *
 * @param rows at most
 * @param columns at most
 * @param cells rows times columns, at most; a number takes 4 bytes, 8 where whole numbers beyond 2^24 occur
 * @param fieldChars the longest text, in characters
 */
public record Limits(int rows, int columns, long cells, int fieldChars) {
    /** A thousand million cells, or 4 GB of numbers, in at most 100,000 columns. */
    public static final Limits DEFAULT = new Limits(500_000_000, 100_000, 1_000_000_000L, 1 << 24);

    public Limits {
        if (rows < 1 || columns < 1 || cells < 1 || fieldChars < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    void checkColumns(Path file, int found) throws DatasetException {
        if (found > columns) {
            throw new DatasetException(file + ": more than the " + columns + " columns that are allowed");
        }
    }

    void checkRows(Path file, long found, int wide) throws DatasetException {
        if (found > rows || found * wide > cells) {
            throw new DatasetException(file + ": more than " + (found - 1) + " rows of " + wide
                    + " columns; allowed are " + rows + " rows and " + cells + " cells");
        }
    }
}
