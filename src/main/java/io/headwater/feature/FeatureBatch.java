package io.headwater.feature;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of encoded features in direct memory, laid out as the model's inputs are: made once by the thread that uses it,
 * filled and cleared many times, never shared between threads.
 */
public final class FeatureBatch {
    /** The place of a row that was taken out. */
    public static final int GONE = -1;

    private static final FloatBuffer NO_FLOATS = direct(0).asFloatBuffer();
    private static final LongBuffer NO_LONGS = direct(0).asLongBuffer();
    private static final String[] NO_DOMAINS = {};
    private static final long[] NO_KEYS = {};
    private static final @Nullable String[] NO_OWNERS = {};

    private final RowLayout layout;
    private final int capacity;
    private final int[] widths;
    private final FloatBuffer[] floats;
    private final LongBuffer[] longs;
    private final int numeric;
    private final int categorical;
    /** Of each row; set aside when the first row has a domain, for most models have none. */
    private String[] domains = NO_DOMAINS;
    /** Of each row, {@link RowKey#of}; set aside when the first row has one. */
    private long[] keys = NO_KEYS;
    /** Of each row whose key nobody has asked for: to hash a text costs half as much as to encode a row, for scores in vain. */
    private @Nullable String[] owners = NO_OWNERS;

    private int rows;

    public FeatureBatch(RowLayout layout, int capacity) {
        this(layout, capacity, FeatureBatch::direct);
    }

    /**
     * Rows in memory of the caller's choice.
     *
     * @param memory gives that many bytes, direct or mapped, all 0; asked once for each tensor
     */
    public FeatureBatch(RowLayout layout, int capacity, LongFunction<ByteBuffer> memory) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a batch holds at least one row, not " + capacity);
        }
        this.layout = layout;
        this.capacity = capacity;
        int tensors = layout.tensors().size();
        this.widths = new int[tensors];
        this.floats = new FloatBuffer[tensors];
        this.longs = new LongBuffer[tensors];
        for (int i = 0; i < tensors; i++) {
            RowTensor tensor = layout.tensors().get(i);
            widths[i] = tensor.width();
            ByteBuffer bytes = memory.apply(
                            (long) capacity * widths[i] * tensor.element().bytes())
                    .order(ByteOrder.nativeOrder());
            floats[i] = tensor.isFloat() ? bytes.asFloatBuffer() : NO_FLOATS;
            longs[i] = tensor.isFloat() ? NO_LONGS : bytes.asLongBuffer();
        }
        this.numeric = layout.indexOf(ModelSignature.NUMERIC);
        this.categorical = layout.indexOf(ModelSignature.CATEGORICAL);
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    public RowLayout layout() {
        return layout;
    }

    public int capacity() {
        return capacity;
    }

    public int rows() {
        return rows;
    }

    public boolean isFull() {
        return rows == capacity;
    }

    /** Elements of a row of the {@code tensor}th tensor. */
    public int width(int tensor) {
        return widths[tensor];
    }

    /** Row-major {@code [capacity, width]} of a float tensor; the first {@link #rows()} rows are filled. */
    public FloatBuffer floats(int tensor) {
        return floats[tensor];
    }

    /** Row-major {@code [capacity, width]} of an int64 tensor; the first {@link #rows()} rows are filled. */
    public LongBuffer longs(int tensor) {
        return longs[tensor];
    }

    public int numericWidth() {
        return numeric < 0 ? 0 : widths[numeric];
    }

    public int categoricalWidth() {
        return categorical < 0 ? 0 : widths[categorical];
    }

    /** The numeric tensor, row-major {@code [capacity, numericWidth]}, empty where there is none. NaN means missing. */
    public FloatBuffer numeric() {
        return numeric < 0 ? NO_FLOATS : floats[numeric];
    }

    /** The categorical tensor, row-major {@code [capacity, categoricalWidth]}, empty where there is none. */
    public LongBuffer categorical() {
        return categorical < 0 ? NO_LONGS : longs[categorical];
    }

    /** Takes one tensor of a batch: its name, its memory and the trailing dimensions of a row. */
    @FunctionalInterface
    public interface Binding<B> {
        Object bind(String name, B memory, long[] trailing);
    }

    /** Hands every tensor to a runtime. */
    public void bind(Binding<FloatBuffer> toFloats, Binding<LongBuffer> toLongs) {
        bind(0, capacity, toFloats, toLongs);
    }

    /** Hands rows {@code from} until {@code from + count} of every tensor to a runtime. */
    public void bind(int from, int count, Binding<FloatBuffer> toFloats, Binding<LongBuffer> toLongs) {
        for (int i = 0; i < widths.length; i++) {
            RowTensor tensor = layout.tensors().get(i);
            int first = from * widths[i];
            int elements = count * widths[i];
            if (tensor.isFloat()) {
                toFloats.bind(tensor.name(), floats[i].slice(first, elements), tensor.trailing());
            } else {
                toLongs.bind(tensor.name(), longs[i].slice(first, elements), tensor.trailing());
            }
        }
    }

    public void clear() {
        rows = 0;
    }

    /**
     * Makes tensor {@code to} of the first {@code count} rows what tensor {@code tensor} of {@code other} is; both are
     * of the same type and shape.
     */
    public void copyTensor(int to, FeatureBatch other, int tensor, int count) {
        int elements = count * widths[to];
        if (layout.tensors().get(to).isFloat()) {
            floats[to].put(0, other.floats[tensor], 0, elements);
        } else {
            longs[to].put(0, other.longs[tensor], 0, elements);
        }
    }

    /** Begins a row and says its index; the caller fills every column of it. */
    public int nextRow() {
        if (rows == capacity) {
            throw new IllegalStateException("the batch is full at " + capacity + " rows");
        }
        setDomain(rows, "");
        setKey(rows, RowKey.NONE);
        return rows++;
    }

    /** Declares that the first {@code count} rows have been filled through the buffers; they are of no domain and nobody's. */
    public void assume(int count) {
        if (count < 0 || count > capacity) {
            throw new IllegalArgumentException(count + " rows in a batch of " + capacity);
        }
        rows = count;
        if (domains != NO_DOMAINS) {
            Arrays.fill(domains, 0, count, "");
        }
        if (keys != NO_KEYS) {
            Arrays.fill(keys, 0, count, RowKey.NONE);
        }
        if (owners != NO_OWNERS) {
            Arrays.fill(owners, 0, count, null);
        }
    }

    /** Where the row's event is from; empty where nothing says it. No tensor has it. */
    public String domain(int row) {
        return domains == NO_DOMAINS ? "" : domains[row];
    }

    /** Says where a row's event is from: {@link Featurizer}s do. */
    public void setDomain(int row, String domain) {
        if (domains == NO_DOMAINS) {
            if (domain.isEmpty()) {
                return;
            }
            domains = new String[capacity];
            Arrays.fill(domains, "");
        }
        domains[row] = domain;
    }

    /** Whose row it is, as {@link RowKey#of} says it; {@link RowKey#NONE} where nothing does. No tensor has it. */
    public long key(int row) {
        String owner = owners == NO_OWNERS ? null : owners[row];
        if (owner != null) {
            setKey(row, RowKey.of(owner));
        }
        return keys == NO_KEYS ? RowKey.NONE : keys[row];
    }

    /** Says whose row it is. */
    public void setKey(int row, long key) {
        if (owners != NO_OWNERS) {
            owners[row] = null;
        }
        if (keys == NO_KEYS) {
            if (key == RowKey.NONE) {
                return;
            }
            keys = new long[capacity];
        }
        keys[row] = key;
    }

    /** Says whose row it is by the owner's text: {@link Featurizer}s do. Its key is made when it is asked for. */
    public void setOwner(int row, String owner) {
        if (owners == NO_OWNERS) {
            owners = new @Nullable String[capacity];
        }
        owners[row] = owner;
    }

    /** Makes domain and owner of the first {@code count} rows those of {@code other}. */
    public void copyOrigins(FeatureBatch other, int count) {
        for (int row = 0; row < count; row++) {
            setDomain(row, other.domain(row));
            String owner = other.owners == NO_OWNERS ? null : other.owners[row];
            if (owner == null) {
                setKey(row, other.key(row));
            } else {
                setOwner(row, owner);
            }
        }
    }

    /** Appends row {@code row} of {@code other}, which has the same layout. */
    public void copyRow(FeatureBatch other, int row) {
        setRow(nextRow(), other, row);
    }

    /** Overwrites row {@code at} with row {@code row} of {@code other}, which has the same layout. */
    public void setRow(int at, FeatureBatch other, int row) {
        setDomain(at, other.domain(row));
        setValues(at, other, row);
    }

    /** As {@link #setRow}, but the row's domain stays what it is. */
    public void setValues(int at, FeatureBatch other, int row) {
        setKey(at, other.key(row));
        for (int i = 0; i < widths.length; i++) {
            int width = widths[i];
            if (floats[i] == NO_FLOATS) {
                longs[i].put(at * width, other.longs[i], row * width, width);
            } else {
                floats[i].put(at * width, other.floats[i], row * width, width);
            }
        }
    }

    /**
     * Takes the rows of some owners out: those behind close up in their order, and where the last ones were is nothing left
     * of them. So it does not matter in which order, or how many at once, owners are erased.
     *
     * @return where each row is now, {@link #GONE} if it was taken out
     */
    public int[] erase(OwnerKeys owners) {
        int[] places = new int[rows];
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            if (owners.contains(key(row))) {
                places[row] = GONE;
                continue;
            }
            if (kept < row) {
                setRow(kept, this, row);
            }
            places[row] = kept++;
        }
        for (int row = kept; row < rows; row++) {
            setDomain(row, "");
            setKey(row, RowKey.NONE);
        }
        for (int i = 0; i < widths.length; i++) {
            for (int at = kept * widths[i]; at < rows * widths[i]; at++) {
                if (floats[i] == NO_FLOATS) {
                    longs[i].put(at, 0);
                } else {
                    floats[i].put(at, 0);
                }
            }
        }
        rows = kept;
        return places;
    }
}
