package io.headwater.feature;

import java.util.List;

/**
 * One of the tensors that rows are made of.
 *
 * @param name as the model's graph names it
 * @param shape of one row, without the batch; every dimension is known
 * @param columns what the columns of a one-dimensional row mean; empty where nobody gave them names
 * @param below int64 values are 0 until {@code below}
 */
public record RowTensor(String name, Element element, List<Integer> shape, List<String> columns, long below) {
    /** What a tensor's elements are. */
    public enum Element {
        FLOAT(Float.BYTES),
        INT64(Long.BYTES);

        private final int bytes;

        Element(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    public RowTensor {
        shape = List.copyOf(shape);
        columns = List.copyOf(columns);
        if (shape.stream().anyMatch(dimension -> dimension < 1)) {
            throw new IllegalArgumentException("a row of '" + name + "' has the shape " + shape);
        }
        if (!columns.isEmpty() && !shape.equals(List.of(columns.size()))) {
            throw new IllegalArgumentException(
                    columns.size() + " names for the columns of '" + name + "', a row of which has the shape " + shape);
        }
    }

    public static RowTensor floats(String name, List<Integer> shape) {
        return new RowTensor(name, Element.FLOAT, shape, List.of(), Long.MAX_VALUE);
    }

    public static RowTensor longs(String name, List<Integer> shape) {
        return new RowTensor(name, Element.INT64, shape, List.of(), Long.MAX_VALUE);
    }

    public boolean isFloat() {
        return element == Element.FLOAT;
    }

    /** Elements of one row. */
    public int width() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** The trailing dimensions, as the runtimes take them. */
    public long[] trailing() {
        return shape.stream().mapToLong(Integer::longValue).toArray();
    }

    @Override
    public String toString() {
        return name + " " + element.name().toLowerCase(java.util.Locale.ROOT) + (columns.isEmpty() ? shape : columns);
    }
}
