package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** Element by element over one operand. */
final class MathOps {
    private MathOps() {}

    static List<OpRow> rows() {
        return List.of(
                floating("Sqrt", NDArray::sqrt),
                OpRow.of("Reciprocal", Op.tensor(call -> call.scope().create(1f).div(call.floating(0)))),
                integral("Neg", value -> -value, NDArray::neg),
                integral("Abs", Math::abs, NDArray::abs),
                integral("Sign", Long::signum, NDArray::sign),
                floating("Exp", NDArray::exp),
                floating("Log", NDArray::log),
                floating("Erf", array -> array.erf()),
                floating("Floor", NDArray::floor),
                floating("Ceil", NDArray::ceil),
                floating("Sin", NDArray::sin),
                floating("Cos", NDArray::cos));
    }

    private static OpRow floating(String name, UnaryOperator<NDArray> onDevice) {
        return OpRow.of(name, Op.tensor(call -> onDevice.apply(call.floating(0))));
    }

    private static OpRow integral(String name, LongUnaryOperator inJava, UnaryOperator<NDArray> onDevice) {
        return OpRow.of(name, Op.value(call -> {
            if (!call.inJava()) {
                return new Value.Tensor(onDevice.apply(call.tensor(0)));
            }
            Integers operand = call.integers(0);
            return operand.with(operand, operand.type(), (a, b) -> inJava.applyAsLong(a));
        }));
    }
}
