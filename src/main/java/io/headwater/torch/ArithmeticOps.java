package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.headwater.graph.GraphException;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;

/** Element by element over two or more operands, with broadcasting. */
final class ArithmeticOps {
    private ArithmeticOps() {}

    static List<OpRow> rows() {
        return List.of(
                row("Add", Long::sum, NDArray::add),
                row("Sub", (a, b) -> a - b, NDArray::sub),
                row("Mul", (a, b) -> a * b, NDArray::mul),
                row("Div", ArithmeticOps::quotient, ArithmeticOps::divide).says("integers are divided towards zero"),
                OpRow.of("Pow", Op.tensor(ArithmeticOps::pow)).says("the base must be float"),
                row("Min", Math::min, NDArray::minimum),
                row("Max", Math::max, NDArray::maximum),
                OpRow.of("Sum", Op.tensor(call -> fold(call, NDArray::add))),
                OpRow.of("Mean", Op.tensor(call -> Numbers.over(fold(call, NDArray::add), call.count()))));
    }

    private static OpRow row(String name, LongBinaryOperator inJava, BinaryOperator<NDArray> onDevice) {
        return OpRow.of(name, Op.value(call -> {
            if (!call.inJava()) {
                return new Value.Tensor(fold(call, onDevice));
            }
            Integers result = call.integers(0);
            for (int i = 1; i < call.count(); i++) {
                result = result.with(call.integers(i), result.type(), inJava);
            }
            return result;
        }));
    }

    private static NDArray fold(OpCall call, BinaryOperator<NDArray> operator) {
        NDArray result = call.tensor(0);
        for (int i = 1; i < call.count(); i++) {
            result = operator.apply(result, call.tensor(i));
        }
        return result;
    }

    private static long quotient(long a, long b) {
        if (b == 0) {
            throw new GraphException("a graph divides the integer " + a + " by zero");
        }
        return a / b;
    }

    /** PyTorch's division is of floats; in double, integers below 2^53 come out exactly. */
    private static NDArray divide(NDArray a, NDArray b) {
        if (a.getDataType().isFloating()) {
            return a.div(b);
        }
        return a.toType(DataType.FLOAT64, false)
                .div(b.toType(DataType.FLOAT64, false))
                .trunc()
                .toType(a.getDataType(), false);
    }

    private static NDArray pow(OpCall call) {
        NDArray base = call.floating(0);
        Float exponent = call.constant(1);
        if (exponent != null && exponent == 2) {
            return base.square();
        } else if (exponent != null && exponent == 0.5) {
            return base.sqrt();
        }
        return base.pow(call.tensor(1));
    }
}
