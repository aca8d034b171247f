package io.headwater.graph;

/**
 * One dimension of a tensor: fixed, or known only when the graph runs.
 *
 * @param size the number of elements, or -1 where it is known only when the graph runs
 * @param name what names a dynamic dimension; two of the same name are equal at run time; empty where it has none
 */
public record Dim(long size, String name) {
    public static final Dim UNKNOWN = new Dim(-1, "");

    public static Dim of(long size) {
        if (size < 0) {
            throw new GraphException("a dimension cannot be " + size);
        }
        return new Dim(size, "");
    }

    public static Dim dynamic(String name) {
        return new Dim(-1, name);
    }

    public boolean isFixed() {
        return size >= 0;
    }

    @Override
    public String toString() {
        return isFixed() ? Long.toString(size) : name.isEmpty() ? "?" : name;
    }
}
