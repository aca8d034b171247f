package io.headwater.torch;

import static io.headwater.torch.OpCase.Operand.NONE;
import static io.headwater.torch.OpCase.Operand.constant;

import io.headwater.torch.OpCase.Builder;
import io.headwater.torch.OpCase.Kind;
import io.headwater.torch.OpCase.Operand;
import java.util.ArrayList;
import java.util.List;

/** Cases of the operators that work element by element, and of those on truth values. */
final class ElementCases {
    private final Operands random;
    private final List<OpCase> cases = new ArrayList<>();

    private ElementCases(long seed) {
        this.random = new Operands(seed);
    }

    static List<OpCase> all(long seed) {
        ElementCases all = new ElementCases(seed);
        all.arithmetic();
        all.unary();
        all.activations();
        all.softmax();
        all.clip();
        all.logic();
        all.casts();
        return all.cases;
    }

    private Builder add(String name, String op, Operand... operands) {
        return OpCase.of(name, op, operands);
    }

    private void keep(Builder... built) {
        for (Builder each : built) {
            cases.add(each.build());
        }
    }

    private void arithmetic() {
        int n = random.size();
        int m = random.size();
        for (String op : List.of("Add", "Sub", "Mul", "Div")) {
            keep(
                    add(op, op, random.floats(n, m), random.floats(n, m)),
                    add(op + " broadcast", op, random.floats(n, m), random.floats(m)),
                    add(op + " outer", op, random.floats(n, 1), random.floats(2, 1, m)),
                    add(op + " device", op, random.indices(-9, 9, n, m), random.indices(1, 5, m))
                            .integral(),
                    add(op + " Java", op, integers(-9, 9, n, m), integers(1, 5, m))
                            .integral(),
                    add(op + " mixed", op, integers(-9, 9, n, 1), random.indices(1, 5, m))
                            .integral(),
                    add(op + " int32", op, narrow(n, m), random.indices(1, 5, m).as(Kind.SHORT))
                            .integral());
        }
        for (String op : List.of("Min", "Max")) {
            keep(
                    add(op, op, random.floats(n, m), random.floats(m), random.floats(n, 1)),
                    add(op + " Java", op, integers(-9, 9, n, m), integers(-5, 5, m))
                            .integral());
        }
        for (String op : List.of("Sum", "Mean")) {
            keep(
                    add(op, op, random.floats(n, m), random.floats(m), random.floats(n, 1)),
                    add(op + " one", op, random.floats(n)));
        }
        keep(
                add("Pow", "Pow", random.positive(n, m), random.floats(m)),
                add("Pow square", "Pow", random.floats(n, m), constant(2)),
                add("Pow root", "Pow", random.positive(n, m), constant(0.5f)),
                add("Pow cube", "Pow", random.floats(n, m), constant(3)),
                add("Pow integer", "Pow", random.floats(n, m), Operand.shape(3)));
    }

    private Operand integers(int low, int high, long... shape) {
        return random.indices(low, high, shape).as(Kind.SHAPE);
    }

    private void unary() {
        int n = random.size();
        for (String op : List.of("Reciprocal", "Neg", "Abs", "Exp", "Erf", "Sin", "Cos")) {
            keep(add(op, op, random.floats(n, 3)));
        }
        for (String op : List.of("Sqrt", "Log")) {
            keep(add(op, op, random.positive(n, 3)));
        }
        for (String op : List.of("Floor", "Ceil")) {
            keep(add(op, op, random.floats(n, 3).as(Kind.FIXED)));
        }
        float[] odd = {Float.NaN, 1, Float.POSITIVE_INFINITY, 0};
        keep(
                add("IsNaN", "IsNaN", new Operand(Kind.FIXED, new long[] {4}, odd, new long[0]))
                        .integral(),
                add("Sign", "Sign", random.floats(n, 3).as(Kind.FIXED)),
                add("Sign Java", "Sign", integers(-9, 9, n, 2)).integral(),
                add("Sign device", "Sign", random.indices(-9, 9, n, 2)).integral());
        for (String op : List.of("Neg", "Abs")) {
            keep(
                    add(op + " Java", op, integers(-9, 9, n, 2)).integral(),
                    add(op + " device", op, random.indices(-9, 9, n, 2)).integral());
        }
    }

    private void activations() {
        int n = random.size();
        for (String op : List.of(
                "Relu",
                "Tanh",
                "Sigmoid",
                "Softplus",
                "Softsign",
                "LeakyRelu",
                "Elu",
                "Selu",
                "HardSigmoid",
                "HardSwish")) {
            keep(add(op, op, random.floats(n, 3)));
        }
        keep(
                add("LeakyRelu alpha", "LeakyRelu", random.floats(n, 3)).with("alpha", 0.3f),
                add("Elu alpha", "Elu", random.floats(n, 3)).with("alpha", 0.5f),
                add("Selu both", "Selu", random.floats(n, 3))
                        .with("alpha", 1.2f)
                        .with("gamma", 0.8f),
                add("HardSigmoid both", "HardSigmoid", random.floats(n, 3))
                        .with("alpha", 0.3f)
                        .with("beta", 0.4f),
                add("PRelu", "PRelu", random.floats(n, 3), random.floats(3)),
                add("Gelu", "Gelu", random.floats(n, 3)).opset(20),
                add("Gelu tanh", "Gelu", random.floats(n, 3)).opset(20).with("approximate", "tanh"));
    }

    private void softmax() {
        for (String op : List.of("Softmax", "LogSoftmax")) {
            Operand data = random.floats(random.size(), 3, random.size());
            keep(
                    add(op, op, data),
                    add(op + " axis 1", op, data).with("axis", 1L),
                    add(op + " axis -3", op, data).with("axis", -3L),
                    add(op + " opset 11", op, data).opset(11),
                    add(op + " opset 11 axis 0", op, data).opset(11).with("axis", 0L),
                    add(op + " opset 12 axis -1", op, data).opset(12).with("axis", -1L));
        }
    }

    private void clip() {
        Operand data = random.floats(random.size(), 4);
        keep(
                add("Clip", "Clip", data, constant(-0.7f), constant(0.4f)),
                add("Clip max only", "Clip", data, NONE, constant(0.4f)),
                add("Clip min only", "Clip", data, constant(-0.7f)),
                add("Clip no bound", "Clip", data),
                add("Clip opset 11", "Clip", data, constant(0), constant(6)).opset(11));
    }

    private void logic() {
        int n = random.size();
        int m = random.size();
        for (String op : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
            keep(
                    add(
                                    op,
                                    op,
                                    random.floats(n, m).as(Kind.FIXED),
                                    random.floats(m).as(Kind.FIXED))
                            .integral(),
                    add(op + " device", op, random.indices(0, 3, n, m), random.indices(0, 3, m))
                            .integral(),
                    add(op + " Java", op, integers(0, 3, n, m), integers(0, 3, m))
                            .integral());
        }
        for (String op : List.of("And", "Or")) {
            keep(
                    add(op, op, random.truths(n, m), random.truths(m)).integral(),
                    add(op + " Java", op, mask(n, m), mask(m)).integral(),
                    add(op + " mixed", op, random.truths(n, m), mask(m)).integral());
        }
        keep(
                add("Not", "Not", random.truths(n, m)).integral(),
                add("Where", "Where", random.truths(n, m), random.floats(m), random.floats(n, 1)),
                add("Not Java", "Not", mask(n, m)).integral(),
                add("Where mask", "Where", mask(n, m), random.floats(m), constant(-3)),
                add("Where int32", "Where", mask(n, m), narrow(n, m), narrow(m)).integral(),
                add("Where scalar", "Where", random.truths(n, m), random.floats(n, m), constant(-3)),
                add("Where integers", "Where", random.truths(n, m), integers(0, 9, m), random.indices(0, 9, n, 1))
                        .integral());
    }

    private Operand mask(long... shape) {
        return random.indices(0, 2, shape).as(Kind.MASK);
    }

    private Operand narrow(long... shape) {
        return random.indices(-9, 9, shape).as(Kind.SHORT);
    }

    private void casts() {
        int n = random.size();
        Operand reals = random.floats(n, 3).as(Kind.FIXED);
        keep(
                add("Cast same", "Cast", random.floats(n, 3)).with("to", 1L),
                add("Cast device to float", "Cast", random.indices(-9, 9, n, 3)).with("to", 1L),
                add("Cast Java to float", "Cast", integers(-9, 9, n, 3)).with("to", 1L));
        keep(
                add("Cast int32 to float", "Cast", narrow(n, 3)).with("to", 1L),
                add("Cast bool to float", "Cast", mask(n, 3)).with("to", 1L));
        for (long to : new long[] {6, 7, 9}) {
            keep(
                    add("Cast int32 to " + to, "Cast", narrow(n)).with("to", to).integral(),
                    add("Cast bool to " + to, "Cast", mask(n)).with("to", to).integral(),
                    add("Cast float to " + to, "Cast", reals).with("to", to).integral(),
                    add("Cast device to " + to, "Cast", random.indices(-2, 2, n))
                            .with("to", to)
                            .integral(),
                    add("Cast Java to " + to, "Cast", integers(-2, 2, n))
                            .with("to", to)
                            .integral());
        }
    }
}
