package io.headwater.torch;

import static io.headwater.torch.OpCase.Operand.NONE;
import static io.headwater.torch.OpCase.Operand.constant;

import io.headwater.graph.ElementType;
import io.headwater.torch.OpCase.Builder;
import io.headwater.torch.OpCase.Kind;
import io.headwater.torch.OpCase.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cases of the operators that reshape, select and make tensors, each on the device and in Java where it can be. */
final class TensorCases {
    private final Operands random;
    private final List<OpCase> cases = new ArrayList<>();

    private TensorCases(long seed) {
        this.random = new Operands(seed);
    }

    static List<OpCase> all(long seed) {
        TensorCases all = new TensorCases(seed);
        all.reshapes();
        all.axes();
        all.moves();
        all.joins();
        all.slices();
        all.gathers();
        all.pads();
        all.constants();
        return all.cases;
    }

    private void keep(Builder... built) {
        for (Builder each : built) {
            cases.add(each.build());
        }
    }

    private static Builder add(String name, String op, Operand... operands) {
        return OpCase.of(name, op, operands);
    }

    /** The operator on floats, on integers of the device, and on integers in Java. */
    private void everywhere(Maker maker, long... shape) {
        keep(
                maker.of("", random.floats(shape)),
                maker.of(" device", random.indices(-9, 9, shape)).integral(),
                maker.of(" Java", random.indices(-9, 9, shape).as(Kind.SHAPE)).integral());
    }

    @FunctionalInterface
    private interface Maker {
        Builder of(String where, Operand data);
    }

    private void reshapes() {
        int n = random.size();
        int m = random.size();
        for (long[] target : new long[][] {{0, -1}, {-1, 2, 2}, {1, 0, -1, 2}}) {
            Operand shape = Operand.shape(target);
            everywhere(
                    (where, data) -> add("Reshape " + Arrays.toString(target) + where, "Reshape", data, shape),
                    n,
                    m,
                    4);
        }
        keep(add("Reshape allowzero", "Reshape", random.floats(n, m), Operand.shape(m, n))
                .with("allowzero", 1L));
        for (long axis : new long[] {0, 1, 2, 3, -1}) {
            everywhere(
                    (where, data) ->
                            add("Flatten " + axis + where, "Flatten", data).with("axis", axis),
                    n,
                    m,
                    2);
        }
        keep(add("Flatten default", "Flatten", random.floats(n, m, 2)));
    }

    private void axes() {
        int n = random.size();
        int m = random.size();
        everywhere((where, data) -> add("Squeeze" + where, "Squeeze", data, Operand.shape(1, -1)), n + 1, 1, m, 1);
        everywhere((where, data) -> add("Squeeze all" + where, "Squeeze", data), 2, 1, 3, 1);
        everywhere((where, data) -> add("Unsqueeze" + where, "Unsqueeze", data, Operand.shape(0, -1)), n, m);
        keep(
                add("Squeeze opset 11", "Squeeze", random.floats(n, 1, m))
                        .opset(11)
                        .list("axes", 1),
                add("Unsqueeze opset 11", "Unsqueeze", random.floats(n, m))
                        .opset(11)
                        .list("axes", 3, 0));
    }

    private void moves() {
        int n = random.size();
        int m = random.size();
        everywhere((where, data) -> add("Transpose" + where, "Transpose", data), n, m, 2);
        everywhere(
                (where, data) ->
                        add("Transpose perm" + where, "Transpose", data).list("perm", 1, 2, 0),
                n,
                m,
                2);
        everywhere((where, data) -> add("Expand" + where, "Expand", data, Operand.shape(2, n, 3)), n, 1);
        everywhere((where, data) -> add("Expand less" + where, "Expand", data, Operand.shape(1)), n, m);
        everywhere((where, data) -> add("Tile" + where, "Tile", data, Operand.shape(2, 3)), n, m);
        everywhere((where, data) -> add("Identity" + where, "Identity", data), n, m);
        Operand fixed = random.floats(n, m, 2).as(Kind.FIXED);
        keep(
                add("Size", "Size", fixed).integral(),
                add("Size Java", "Size", Operand.shape(n, m)).integral(),
                add("Shape", "Shape", fixed).integral(),
                add("Shape Java", "Shape", Operand.shape(n, m)).integral(),
                add("Shape part", "Shape", fixed)
                        .with("start", 1L)
                        .with("end", -1L)
                        .integral(),
                add("Dropout", "Dropout", random.floats(n, m)),
                add("Dropout ratio", "Dropout", random.floats(n, m), constant(0.5f)),
                add("Dropout opset 11", "Dropout", random.floats(n, m))
                        .opset(11)
                        .with("ratio", 0.3f));
    }

    private void joins() {
        int n = random.size();
        everywhere(
                (where, data) ->
                        add("Concat" + where, "Concat", data, data, data).with("axis", -1L),
                2,
                n);
        everywhere(
                (where, data) -> add("Concat 0" + where, "Concat", data, data).with("axis", 0L), n, 3, 2);
        keep(
                add("Concat sizes", "Concat", random.floats(n, 2), random.floats(n, 3))
                        .with("axis", 1L),
                add("Concat mixed", "Concat", random.indices(0, 9, 2), Operand.shape(3, 4, 5))
                        .with("axis", 0L)
                        .integral());
        everywhere((where, data) -> add("Split even" + where, "Split", data).outputs(2), 4, n);
        everywhere(
                (where, data) -> add("Split sizes" + where, "Split", data, Operand.shape(1, 3, 2))
                        .outputs(3),
                6,
                n);
        keep(
                add("Split attribute", "Split", random.floats(5, n))
                        .opset(11)
                        .list("split", 2, 3)
                        .outputs(2),
                add("Split num_outputs", "Split", random.floats(5, n))
                        .opset(18)
                        .with("num_outputs", 3L)
                        .outputs(3),
                add("Split axis 1", "Split", random.floats(n, 6))
                        .with("axis", 1L)
                        .outputs(3));
    }

    private void slices() {
        int n = random.size() + 2;
        everywhere(
                (where, data) -> add("Slice" + where, "Slice", data, Operand.shape(1, 0), Operand.shape(n, 2)), n, 4);
        everywhere(
                (where, data) -> add(
                        "Slice steps" + where,
                        "Slice",
                        data,
                        Operand.shape(0, -2),
                        Operand.shape(Long.MAX_VALUE, Long.MIN_VALUE + 1),
                        Operand.shape(1, 0),
                        Operand.shape(2, -2)),
                n,
                5);
        everywhere(
                (where, data) -> add(
                        "Slice back" + where,
                        "Slice",
                        data,
                        Operand.shape(-1),
                        Operand.shape(-4),
                        Operand.shape(-1),
                        Operand.shape(-1)),
                n,
                5);
    }

    private void gathers() {
        int n = random.size();
        for (long axis : new long[] {0, 1, -1}) {
            everywhere(
                    (where, data) -> add("Gather device " + axis + where, "Gather", data, random.indices(-3, 3, n, 2))
                            .with("axis", axis),
                    3,
                    3,
                    3);
            everywhere(
                    (where, data) -> add(
                                    "Gather Java " + axis + where,
                                    "Gather",
                                    data,
                                    random.indices(-3, 3, n, 2).as(Kind.SHAPE))
                            .with("axis", axis),
                    3,
                    3,
                    3);
            everywhere(
                    (where, data) -> add("Gather one " + axis + where, "Gather", data, Operand.scalar(-2))
                            .with("axis", axis),
                    3,
                    4,
                    3);
        }
        keep(
                add("Gather rows", "Gather", random.floats(7, 3), random.indices(0, 7, n, 2)),
                add("Gather vector", "Gather", random.floats(7), random.indices(0, 7, n)),
                add("GatherElements", "GatherElements", random.floats(3, 4), random.indices(-4, 4, 2, n))
                        .with("axis", 1L),
                add("GatherElements 0", "GatherElements", random.floats(3, 5), random.indices(-3, 3, n, 2)));
    }

    private void pads() {
        Operand data = random.floats(2, 4, random.size() + 2);
        Operand sides = Operand.shape(0, 1, 2, 1, 0, 1);
        keep(
                add("Pad", "Pad", data, sides),
                add("Pad value", "Pad", data, sides, constant(-2.5f)),
                add("Pad opset 11", "Pad", data, sides).opset(11),
                add("Pad negative", "Pad", data, Operand.shape(0, -1, 1, 0, 2, -1)),
                add("Pad edge", "Pad", data, sides).with("mode", "edge"),
                add("Pad reflect", "Pad", data, Operand.shape(0, 3, 2, 1, 0, 1)).with("mode", "reflect"),
                add("Pad axes", "Pad", data, Operand.shape(1, 0, 2, 1), NONE, Operand.shape(-1, 1))
                        .opset(18));
    }

    private void constants() {
        int n = random.size();
        keep(
                add("Range", "Range", Operand.scalar(2), Operand.scalar(2 + 3L * n), Operand.scalar(3))
                        .integral(),
                add("Range back", "Range", Operand.scalar(5), Operand.scalar(-n), Operand.scalar(-2))
                        .integral(),
                add("Range empty", "Range", Operand.scalar(5), Operand.scalar(2), Operand.scalar(1))
                        .integral(),
                add("ConstantOfShape", "ConstantOfShape", Operand.shape(n, 2)),
                add("ConstantOfShape float", "ConstantOfShape", Operand.shape(n, 2))
                        .value(ElementType.FLOAT, new long[] {1}, 1.5),
                add("ConstantOfShape int64", "ConstantOfShape", Operand.shape(n, 2))
                        .value(ElementType.INT64, new long[] {1}, 3)
                        .integral(),
                add("Constant floats", "Constant").value(ElementType.FLOAT, new long[] {2}, 1.5, -2),
                add("Constant integers", "Constant")
                        .value(ElementType.INT64, new long[] {2}, 3, -4)
                        .integral(),
                add("ConstantOfShape scalar", "ConstantOfShape", Operand.shape(new long[0]))
                        .value(ElementType.BOOL, new long[] {1}, 1)
                        .integral(),
                add("ConstantOfShape float scalar", "ConstantOfShape", Operand.shape(new long[0])),
                add("ConstantOfShape bool", "ConstantOfShape", Operand.shape(n, 2))
                        .value(ElementType.BOOL, new long[] {1}, 1)
                        .integral(),
                add("ConstantOfShape int32", "ConstantOfShape", Operand.shape(n, 2))
                        .value(ElementType.INT32, new long[] {1}, -3)
                        .integral(),
                add("Constant int32", "Constant")
                        .value(ElementType.INT32, new long[] {2}, 3, -4)
                        .integral(),
                add("Constant bool", "Constant")
                        .value(ElementType.BOOL, new long[] {1, 2}, 1, 0)
                        .integral(),
                add("Constant uint8", "Constant")
                        .value(ElementType.UINT8, new long[] {2}, 255, 1)
                        .integral(),
                add("Constant int8", "Constant")
                        .value(ElementType.INT8, new long[] {2}, -128, 1)
                        .integral(),
                add("Constant double", "Constant")
                        .value(ElementType.DOUBLE, new long[] {}, 0.1)
                        .integral(),
                add("Constant value_floats", "Constant").list("value_floats", 0.5f, -2f),
                add("Constant value_float", "Constant").with("value_float", 0.25f),
                add("Constant value_int", "Constant").with("value_int", 7L).integral(),
                add("Constant value_ints", "Constant").list("value_ints", 7, 8).integral());
    }
}
