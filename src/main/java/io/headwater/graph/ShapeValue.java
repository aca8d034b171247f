package io.headwater.graph;

/**
 * One element of an integer tensor, as far as it is known without running the graph: a number, the size of a named
 * dimension, or neither.
 *
 * @param number the value where {@code known}
 * @param name the dimension whose size it is; empty where it is a number or unknown
 */
record ShapeValue(boolean known, long number, String name) {
    static final ShapeValue UNKNOWN = new ShapeValue(false, 0, "");

    static ShapeValue of(long number) {
        return new ShapeValue(true, number, "");
    }

    static ShapeValue of(Dim dim) {
        return dim.isFixed() ? of(dim.size()) : new ShapeValue(false, 0, dim.name());
    }

    boolean is(long wanted) {
        return known && number == wanted;
    }

    /** As a dimension; a negative number is none. */
    Dim dim() {
        return known ? (number < 0 ? Dim.UNKNOWN : Dim.of(number)) : Dim.dynamic(name);
    }

    /** What the operator {@code op} makes of two of them. */
    static ShapeValue calculate(String op, ShapeValue a, ShapeValue b) {
        if (a.known && b.known) {
            return number(op, a.number, b.number);
        }
        boolean neutral = switch (op) {
            case "Add", "Sub" -> b.is(0);
            case "Mul", "Div" -> b.is(1);
            default -> false;
        };
        if (neutral) {
            return a;
        }
        if (op.equals("Add") && a.is(0) || op.equals("Mul") && a.is(1)) {
            return b;
        }
        // A size is never -1, the mark that exporters compare with.
        boolean size = op.equals("Equal") && (a.is(-1) && !b.name.isEmpty() || b.is(-1) && !a.name.isEmpty());
        return size ? of(0) : UNKNOWN;
    }

    private static ShapeValue number(String op, long a, long b) {
        return switch (op) {
            case "Add" -> of(a + b);
            case "Sub" -> of(a - b);
            case "Mul" -> of(a * b);
            case "Div" -> b == 0 ? UNKNOWN : of(a / b);
            case "Min" -> of(Math.min(a, b));
            case "Max" -> of(Math.max(a, b));
            case "Equal" -> of(a == b ? 1 : 0);
            default -> UNKNOWN;
        };
    }
}
