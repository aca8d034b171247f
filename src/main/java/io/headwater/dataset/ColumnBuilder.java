package io.headwater.dataset;

import io.headwater.dataset.Column.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A column that is being read. It takes its first values for numbers; what it cannot hold without loss makes it grow
 * into the next {@link Kind}, at once where nothing is lost by that, else by reading the file a second time.
 */
final class ColumnBuilder {
    private static final int FIRST = 64;
    private static final double EXACT = 1 << 24;

    private final NumberParser parser;
    private Kind kind;
    private Kind needed;
    private int rows;
    private float[] floats = new float[0];
    private double[] doubles = new double[0];
    private @Nullable TextBuilder texts;
    /** Whether every float stored so far is the number that was read. */
    private boolean exact = true;
    /** Whether something else than an empty field was read. */
    private boolean stated;

    ColumnBuilder(NumberParser parser, Kind kind) {
        this.parser = parser;
        this.kind = kind;
        this.needed = kind;
        this.texts = kind == Kind.TEXTS ? new TextBuilder() : null;
    }

    /** What the values that were read need; if it is not {@link #kind}, the column has to be read again. */
    Kind needed() {
        return needed;
    }

    boolean isWhole() {
        return kind == needed;
    }

    /** A field of a text file: a number, a missing one, or else a text. */
    void field(char[] chars, int offset, int length) throws DatasetException {
        if (kind == Kind.TEXTS) {
            text(length == 0 ? null : new String(chars, offset, length));
        } else if (parser.parse(chars, offset, length)) {
            stated |= length > 0;
            number(parser.value());
        } else if (!stated) {
            kind = Kind.TEXTS;
            needed = Kind.TEXTS;
            texts = new TextBuilder();
            for (int row = 0; row < rows; row++) {
                texts.add(null);
            }
            text(new String(chars, offset, length));
        } else {
            needed = Kind.TEXTS;
            number(Double.NaN);
        }
    }

    /** A number, NaN for a missing one. */
    void number(double value) {
        float narrow = (float) value;
        boolean whole = narrow == value || Double.isNaN(value);
        if (kind == Kind.NUMBERS && !whole && isWide(value, narrow)) {
            if (exact) {
                widen();
            } else if (needed == Kind.NUMBERS) {
                needed = Kind.WIDE_NUMBERS;
            }
        }
        exact &= whole;
        if (kind == Kind.NUMBERS) {
            floats = rows < floats.length ? floats : Arrays.copyOf(floats, larger(rows));
            floats[rows++] = narrow;
        } else {
            doubles = rows < doubles.length ? doubles : Arrays.copyOf(doubles, larger(rows));
            doubles[rows++] = value;
        }
    }

    private static boolean isWide(double value, float narrow) {
        return Float.isInfinite(narrow) || Math.abs(value) > EXACT && value == Math.rint(value);
    }

    private void widen() {
        kind = Kind.WIDE_NUMBERS;
        needed = needed == Kind.TEXTS ? needed : kind;
        doubles = new double[floats.length];
        for (int row = 0; row < rows; row++) {
            doubles[row] = floats[row];
        }
        floats = new float[0];
    }

    /** A text, null for a missing one; only for a column that was made for texts. */
    void text(@Nullable String text) throws DatasetException {
        if (texts == null) {
            throw new IllegalStateException("a column of numbers");
        }
        texts.add(text);
        rows++;
    }

    /** Appends zeros until the column has {@code rows} of them. */
    void zerosTo(int rows) {
        while (this.rows < rows) {
            number(0);
        }
    }

    static int larger(int size) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(FIRST, size + (long) size / 2));
    }

    Column build() {
        if (texts != null) {
            return texts.build();
        }
        return kind == Kind.NUMBERS
                ? new Column.Floats(Arrays.copyOf(floats, rows))
                : new Column.Doubles(Arrays.copyOf(doubles, rows));
    }
}
