package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.graph.ElementType;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;

/** Comparisons, truth values, Where and Cast. */
final class LogicOps {
    /** ONNX's numbers of the types that can be cast to. */
    private static final Map<Long, ElementType> TYPES = Map.of(
            1L, ElementType.FLOAT,
            6L, ElementType.INT32,
            7L, ElementType.INT64,
            9L, ElementType.BOOL);

    private LogicOps() {}

    static List<OpRow> rows() {
        return List.of(
                row("Equal", (a, b) -> a == b ? 1 : 0, NDArray::eq),
                row("Greater", (a, b) -> a > b ? 1 : 0, NDArray::gt),
                row("GreaterOrEqual", (a, b) -> a >= b ? 1 : 0, NDArray::gte),
                row("Less", (a, b) -> a < b ? 1 : 0, NDArray::lt),
                row("LessOrEqual", (a, b) -> a <= b ? 1 : 0, NDArray::lte),
                row("And", (a, b) -> a & b, NDArray::logicalAnd),
                row("Or", (a, b) -> a | b, NDArray::logicalOr),
                OpRow.of("Not", Op.value(LogicOps::not)),
                OpRow.of("IsNaN", Op.tensor(call -> call.floating(0).isNaN())),
                OpRow.of("Where", Op.value(LogicOps::where)),
                OpRow.of("Cast", Op.value(LogicOps::cast))
                        .says("to float, int32, int64 and bool; float16, double and others are refused")
                        .refuses((node, opset) ->
                                TYPES.containsKey(node.integer("to", 0)) ? "" : "to type " + node.integer("to", 0)));
    }

    private static OpRow row(String name, LongBinaryOperator inJava, BinaryOperator<NDArray> onDevice) {
        return OpRow.of(
                name,
                Op.value(call -> call.inJava()
                        ? call.integers(0).with(call.integers(1), ElementType.BOOL, inJava)
                        : new Value.Tensor(onDevice.apply(call.tensor(0), call.tensor(1)))));
    }

    private static Value not(OpCall call) {
        if (!call.inJava()) {
            return new Value.Tensor(call.tensor(0).logicalNot());
        }
        Integers operand = call.integers(0);
        return operand.with(operand, ElementType.BOOL, (a, b) -> a == 0 ? 1 : 0);
    }

    private static Value where(OpCall call) {
        if (!call.inJava()) {
            PtNDArray condition = call.torch(0);
            return new Value.Tensor(JniUtils.where(condition, call.torch(1), call.torch(2)));
        }
        Integers yes = call.integers(1);
        Integers no = call.integers(2);
        long[] shape = Integers.broadcast(call.integers(0).shape(), Integers.broadcast(yes.shape(), no.shape()));
        long[] condition = call.integers(0).expanded(shape).values();
        long[] left = yes.expanded(shape).values();
        long[] right = no.expanded(shape).values();
        long[] chosen = new long[condition.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = condition[i] != 0 ? left[i] : right[i];
        }
        return Integers.of(yes.type(), chosen, shape);
    }

    private static Value cast(OpCall call) {
        ElementType to = TYPES.getOrDefault(call.node().integer("to", 0), ElementType.FLOAT);
        if (call.inJava() && to != ElementType.FLOAT) {
            Integers operand = call.integers(0);
            return operand.with(operand, to, (a, b) -> to == ElementType.BOOL ? (a != 0 ? 1 : 0) : a);
        }
        NDArray array = call.tensor(0);
        return new Value.Tensor(
                switch (to) {
                    // Gradients are checked in double: what is floating stays as it is.
                    case FLOAT -> array.getDataType().isFloating() ? array : array.toType(DataType.FLOAT32, false);
                    case INT32 -> array.toType(DataType.INT32, false);
                    case BOOL -> array.toType(DataType.BOOLEAN, false);
                    default -> array.toType(DataType.INT64, false);
                });
    }
}
