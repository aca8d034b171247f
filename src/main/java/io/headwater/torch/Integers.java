package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphException;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/**
 * A tensor of integers or booleans kept in Java: shapes, axes, positions. A graph computes its shapes from these, and
 * the device need not be asked what they are.
 */
final class Integers implements Value {
    /** A shape is short; what is computed from one (positions, masks) is not much longer. */
    private static final int MAX_ELEMENTS = 1 << 24;

    private final ElementType type;
    private final long[] values;
    private final long[] shape;

    private Integers(ElementType type, long[] values, long[] shape) {
        this.type = type;
        this.values = values;
        this.shape = shape;
    }

    /** @param values row-major; neither array is copied */
    static Integers of(ElementType type, long[] values, long... shape) {
        if (count(shape) != values.length) {
            throw new GraphException(values.length + " integers do not fill the shape " + Arrays.toString(shape));
        }
        return new Integers(type, values, shape);
    }

    static Integers scalar(long value) {
        return new Integers(ElementType.INT64, new long[] {value}, new long[0]);
    }

    static Integers vector(long... values) {
        return new Integers(ElementType.INT64, values, new long[] {values.length});
    }

    static int count(long[] shape) {
        long product = 1;
        for (long dim : shape) {
            product = Math.multiplyExact(product, dim);
        }
        if (product < 0 || product > MAX_ELEMENTS) {
            throw new GraphException("a tensor of integers has the shape " + Arrays.toString(shape) + "; at most "
                    + MAX_ELEMENTS + " elements are kept");
        }
        return (int) product;
    }

    ElementType type() {
        return type;
    }

    /** Row-major; not a copy. */
    long[] values() {
        return values;
    }

    /** Not a copy. */
    long[] shape() {
        return shape;
    }

    int rank() {
        return shape.length;
    }

    Integers as(ElementType other) {
        return new Integers(other, values, shape);
    }

    Integers reshaped(long... other) {
        return of(type, values, other);
    }

    /** Elements counted in memory from {@code offset} on by {@code strides}: a slice, a transposition, an expansion. */
    Integers view(long[] seen, long[] strides, long offset) {
        long[] out = new long[count(seen)];
        long[] at = new long[seen.length];
        long from = offset;
        for (int i = 0; i < out.length; i++) {
            out[i] = values[(int) from];
            for (int d = seen.length - 1; d >= 0; d--) {
                from += strides[d];
                if (++at[d] < seen[d]) {
                    break;
                }
                from -= strides[d] * seen[d];
                at[d] = 0;
            }
        }
        return new Integers(type, out, seen);
    }

    long[] strides() {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = step;
            step *= shape[d];
        }
        return strides;
    }

    /** Repeated along axes of size 1 to {@code target}, which must be a shape that this broadcasts to. */
    Integers expanded(long[] target) {
        if (Arrays.equals(shape, target)) {
            return this;
        }
        long[] own = strides();
        long[] strides = new long[target.length];
        int lead = target.length - shape.length;
        for (int d = 0; d < shape.length; d++) {
            strides[lead + d] = shape[d] == 1 ? 0 : own[d];
        }
        return view(target, strides, 0);
    }

    /** Element by element with broadcasting. */
    Integers with(Integers other, ElementType result, LongBinaryOperator operator) {
        long[] target = broadcast(shape, other.shape);
        long[] left = expanded(target).values;
        long[] right = other.expanded(target).values;
        long[] out = new long[left.length];
        for (int i = 0; i < out.length; i++) {
            long value = operator.applyAsLong(left[i], right[i]);
            out[i] = result == ElementType.INT32 ? (int) value : value;
        }
        return new Integers(result, out, target);
    }

    /** The shape that both broadcast to. */
    static long[] broadcast(long[] a, long[] b) {
        long[] out = new long[Math.max(a.length, b.length)];
        for (int d = 1; d <= out.length; d++) {
            long left = d <= a.length ? a[a.length - d] : 1;
            long right = d <= b.length ? b[b.length - d] : 1;
            if (left != right && left != 1 && right != 1) {
                throw new GraphException(
                        "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
            }
            out[out.length - d] = left == 1 ? right : left;
        }
        return out;
    }

    /** A copy on the device. */
    NDArray tensor(NDManager scope) {
        Shape dims = new Shape(shape);
        if (type == ElementType.BOOL) {
            boolean[] flags = new boolean[values.length];
            for (int i = 0; i < flags.length; i++) {
                flags[i] = values[i] != 0;
            }
            return scope.create(flags, dims);
        }
        NDArray longs = scope.create(values, dims);
        return type == ElementType.INT32 ? longs.toType(DataType.INT32, false) : longs;
    }
}
