package io.headwater.torch;

import io.headwater.torch.OpCase.Builder;
import io.headwater.torch.OpCase.Kind;
import io.headwater.torch.OpCase.Operand;
import java.util.ArrayList;
import java.util.List;

/** Cases of products, reductions, normalizations, convolution and pooling. */
final class MatrixCases {
    private final Operands random;
    private final List<OpCase> cases = new ArrayList<>();

    private MatrixCases(long seed) {
        this.random = new Operands(seed);
    }

    static List<OpCase> all(long seed) {
        MatrixCases all = new MatrixCases(seed);
        all.linear();
        all.reductions();
        all.layerNorms();
        all.channelNorms();
        all.convolutions();
        all.pooling();
        all.averages();
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

    private void linear() {
        int n = random.size();
        int k = random.size();
        int m = random.size();
        Operand a = random.floats(n, k);
        Operand transposed = random.floats(m, k);
        keep(
                add("Gemm fused", "Gemm", a, transposed, random.floats(m)).with("transB", 1L),
                add("Gemm plain", "Gemm", a, random.floats(k, m)),
                add("Gemm all attributes", "Gemm", random.floats(k, n), transposed, random.floats(n, 1))
                        .with("transA", 1L)
                        .with("transB", 1L)
                        .with("alpha", 0.5f)
                        .with("beta", -1.5f),
                add("Gemm scalar bias", "Gemm", a, transposed, random.floats(1)).with("transB", 1L),
                add(
                                "Gemm beta 0",
                                "Gemm",
                                a,
                                random.floats(k, m),
                                random.floats(m).as(Kind.FIXED))
                        .with("beta", 0f),
                add("MatMul", "MatMul", a, random.floats(k, m)),
                add("MatMul batched", "MatMul", random.floats(3, 2, n, k), random.floats(2, k, m)),
                add("MatMul vector", "MatMul", random.floats(3, n, k), random.floats(k)),
                add("MatMul row", "MatMul", random.floats(k), random.floats(2, k, m)));
    }

    private void reductions() {
        keep(
                add("CumSum", "CumSum", random.floats(3, 4), Operand.scalar(-1)),
                add("CumSum device", "CumSum", random.indices(0, 3, 3, 4), Operand.scalar(0))
                        .integral());
        for (String op : List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare")) {
            Operand data = random.floats(random.size(), 3, random.size());
            keep(
                    add(op + " opset 11", op, data).opset(11).list("axes", -1, 0),
                    add(op + " opset 11 drop", op, data)
                            .opset(11)
                            .list("axes", 1)
                            .with("keepdims", 0L),
                    add(op + " all", op, data).opset(18),
                    add(op + " opset 18", op, data, Operand.shape(-1, 1)).opset(18),
                    add(op + " opset 18 drop", op, data, Operand.shape(0, 2))
                            .opset(18)
                            .with("keepdims", 0L),
                    add(op + " nothing", op, data).opset(18).with("noop_with_empty_axes", 1L));
        }
    }

    private void layerNorms() {
        int n = random.size();
        int m = random.size(2, 5);
        Operand data = random.floats(n, 3, m);
        keep(
                add("LayerNormalization", "LayerNormalization", data, random.floats(m), random.floats(m)),
                add("LayerNormalization no bias", "LayerNormalization", data, random.floats(m)),
                add("LayerNormalization axis 1", "LayerNormalization", data, random.floats(3, m), random.floats(3, m))
                        .with("axis", 1L)
                        .with("epsilon", 0.1f));
    }

    private void channelNorms() {
        int n = random.size();
        int w = random.size(2, 5);
        Operand image = random.floats(n, 4, w, 3);
        Operand scale = random.floats(4);
        Operand bias = random.floats(4);
        Operand mean = random.floats(4).as(Kind.FIXED);
        Operand variance = random.positive(4).as(Kind.FIXED);
        keep(
                add("BatchNormalization", "BatchNormalization", image, scale, bias, mean, variance),
                add("BatchNormalization rows", "BatchNormalization", random.floats(n, 4), scale, bias, mean, variance)
                        .opset(11)
                        .with("epsilon", 0.1f),
                add(
                                "BatchNormalization sequence",
                                "BatchNormalization",
                                random.floats(n, 4, w),
                                scale,
                                bias,
                                mean,
                                variance)
                        .opset(14),
                add("InstanceNormalization", "InstanceNormalization", image, scale, bias)
                        .with("epsilon", 0.01f),
                add("GroupNormalization", "GroupNormalization", image, random.floats(2), random.floats(2))
                        .opset(18)
                        .with("num_groups", 2L),
                add("GroupNormalization opset 21", "GroupNormalization", image, scale, bias)
                        .opset(21)
                        .with("num_groups", 2L));
    }

    private void convolutions() {
        int h = random.size(5, 8);
        int w = random.size(5, 8);
        Operand image = random.floats(2, 4, h, w);
        Operand weight = random.floats(2, 4, 3, 2);
        keep(
                add("Conv", "Conv", image, weight, random.floats(2)),
                add("Conv strides", "Conv", image, weight).list("strides", 2, 1).list("kernel_shape", 3, 2),
                add("Conv pads", "Conv", image, weight, random.floats(2)).list("pads", 1, 2, 1, 2),
                add("Conv asymmetric", "Conv", image, weight, random.floats(2)).list("pads", 0, 1, 2, 0),
                add("Conv dilations", "Conv", image, weight)
                        .list("dilations", 2, 3)
                        .list("pads", 1, 1, 1, 1),
                add("Conv groups", "Conv", image, random.floats(6, 2, 2, 2), random.floats(6))
                        .with("group", 2L),
                add("Conv depthwise", "Conv", image, random.floats(4, 1, 3, 3)).with("group", 4L),
                add("Conv 1-D", "Conv", random.floats(2, 3, w), random.floats(4, 3, 2), random.floats(4))
                        .list("strides", 2),
                add("Conv 3-D", "Conv", random.floats(1, 2, 3, 4, 3), random.floats(2, 2, 2, 2, 2)));
        for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")) {
            keep(add("Conv " + auto, "Conv", image, weight)
                    .with("auto_pad", auto)
                    .list("strides", 2, 2));
        }
    }

    private void pooling() {
        int h = random.size(5, 8);
        int w = random.size(5, 8);
        Operand image = random.floats(2, 3, h, w);
        Operand line = random.floats(2, 3, w);
        keep(
                add("MaxPool", "MaxPool", image).list("kernel_shape", 2, 3),
                add("MaxPool strides", "MaxPool", image)
                        .list("kernel_shape", 3, 3)
                        .list("strides", 2, 2)
                        .list("pads", 1, 1, 1, 1),
                add("MaxPool asymmetric", "MaxPool", image)
                        .list("kernel_shape", 3, 3)
                        .list("strides", 2, 1)
                        .list("pads", 0, 1, 2, 0),
                add("MaxPool ceil", "MaxPool", image)
                        .list("kernel_shape", 3, 2)
                        .list("strides", 2, 2)
                        .with("ceil_mode", 1L),
                add("MaxPool ceil pads", "MaxPool", image)
                        .list("kernel_shape", 3, 3)
                        .list("strides", 2, 2)
                        .list("pads", 1, 1, 1, 1)
                        .with("ceil_mode", 1L),
                add("MaxPool same", "MaxPool", image)
                        .list("kernel_shape", 3, 2)
                        .list("strides", 2, 2)
                        .with("auto_pad", "SAME_UPPER"),
                add("MaxPool 1-D", "MaxPool", line).list("kernel_shape", 2).list("strides", 2),
                add("GlobalMaxPool", "GlobalMaxPool", image),
                add("GlobalAveragePool", "GlobalAveragePool", image),
                add("GlobalAveragePool 1-D", "GlobalAveragePool", line));
    }

    private void averages() {
        Operand image = random.floats(2, 3, random.size(5, 8), random.size(5, 8));
        for (long counted : new long[] {0, 1}) {
            String name = "AveragePool counted " + counted;
            keep(
                    average(name, image, counted),
                    average(name + " pads", image, counted)
                            .list("strides", 2, 2)
                            .list("pads", 1, 1, 1, 1),
                    average(name + " asymmetric", image, counted)
                            .list("strides", 2, 1)
                            .list("pads", 0, 1, 2, 0),
                    average(name + " wide pads", image, counted).list("pads", 2, 2, 2, 2),
                    average(name + " same", image, counted)
                            .list("strides", 2, 2)
                            .with("auto_pad", "SAME_LOWER"),
                    average(name + " ceil", image, counted)
                            .opset(19)
                            .list("strides", 2, 2)
                            .with("ceil_mode", 1L));
        }
    }

    private static Builder average(String name, Operand image, long counted) {
        return add(name, "AveragePool", image).list("kernel_shape", 3, 3).with("count_include_pad", counted);
    }
}
