package io.headwater.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shapes of operators that work element by element, or keep the shape of their first input. */
final class ElementwiseShapes {
    private ElementwiseShapes() {}

    static void addTo(Map<String, ShapeRule> rules) {
        for (String op :
                ("Relu Tanh Sigmoid HardSigmoid HardSwish Swish Clip Identity Neg Abs Exp Log Sqrt Reciprocal Erf"
                                + " Floor Ceil Round Sign Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Softmax"
                                + " LogSoftmax Hardmax Elu Selu Celu LeakyRelu ThresholdedRelu Softplus Softsign Mish Gelu PRelu"
                                + " LayerNormalization RMSNormalization InstanceNormalization GroupNormalization"
                                + " BatchNormalization LpNormalization MeanVarianceNormalization LRN Shrink CumSum Trilu"
                                + " ScatterND ScatterElements Scatter BitwiseNot BitShift ReverseSequence")
                        .split(" ")) {
            rules.put(op, call -> List.of(call.input(0)));
        }
        for (String op : "Add Sub Mul Div Pow Min Max Mean Sum Mod BitwiseAnd BitwiseOr BitwiseXor".split(" ")) {
            rules.put(op, ElementwiseShapes::together);
        }
        for (String op : "Equal Greater Less GreaterOrEqual LessOrEqual And Or Xor".split(" ")) {
            rules.put(
                    op,
                    call -> ShapeCall.one(
                            ElementType.BOOL, together(call).get(0).shape()));
        }
        for (String op : List.of("Not", "IsNaN", "IsInf")) {
            rules.put(op, call -> ShapeCall.one(ElementType.BOOL, call.shape(0)));
        }
        rules.put("Dropout", call -> List.of(call.input(0), new TensorSpec("", ElementType.BOOL, call.shape(0))));
        rules.put("Cast", call -> ShapeCall.one(cast(call), call.shape(0)));
        rules.put("CastLike", call -> ShapeCall.one(call.input(1), call.shape(0)));
        rules.put(
                "Where",
                call -> ShapeCall.one(
                        call.input(1),
                        ShapeCall.broadcast(call.shape(0), ShapeCall.broadcast(call.shape(1), call.shape(2)))));
    }

    private static ElementType cast(ShapeCall call) {
        return ElementType.of((int) call.node().integer("to", 1), call.node().name());
    }

    private static List<TensorSpec> together(ShapeCall call) {
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < call.node().inputs().size(); i++) {
            shape = ShapeCall.broadcast(shape, call.shape(i));
        }
        return ShapeCall.one(call.input(0), shape);
    }
}
