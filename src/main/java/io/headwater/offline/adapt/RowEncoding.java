package io.headwater.offline.adapt;

import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.adapt.training.AdaptNet;
import java.util.List;

/**
 * How a row of a file becomes the numbers that a net reads: first the columns of numbers, then one number, 1 or 0, for
 * each value of a column of texts.
 *
 * @param logarithms whether numbers become their logarithms, {@code log(1 + x)}, with their sign; else they are scaled
 */
public record RowEncoding(boolean logarithms, List<Measure> measures, List<Value> values) {
    /**
     * A column of numbers.
     *
     * @param deviation above 0; scaled numbers are in these from the mean, missing ones are 0
     */
    public record Measure(String name, double mean, double deviation) {}

    /** One value of a column of texts. */
    public record Value(String column, String text) {}

    private static final Dim BATCH = Dim.dynamic("batch");

    public RowEncoding {
        measures = List.copyOf(measures);
        values = List.copyOf(values);
    }

    public int width() {
        return measures.size() + values.size();
    }

    float of(int measure, float value) {
        if (logarithms) {
            return (float) (Math.signum(value) * Math.log1p(Math.abs(value)));
        }
        Measure column = measures.get(measure);
        double scaled = (value - column.mean()) / column.deviation();
        return Double.isFinite(scaled) ? (float) scaled : 0;
    }

    /**
     * The same in a graph, of an input {@value AdaptNet#ROWS} {@code [batch, width]} that it adds: numbers as they are in
     * the file, NaN where missing, and 1 or 0 for values of texts.
     *
     * @return the name of the tensor of encoded rows, of the same shape
     */
    String addTo(GraphBuilder builder) {
        String x = builder.input(TensorSpec.of(AdaptNet.ROWS, ElementType.FLOAT, BATCH, Dim.of(width())));
        if (logarithms) {
            String size = builder.node("/encode/Abs", "Abs", List.of(x));
            String more =
                    builder.node("/encode/Add", "Add", List.of(size, builder.floats("encode.one", new float[] {1}, 1)));
            String logarithm = builder.node("/encode/Log", "Log", List.of(more));
            String sign = builder.node("/encode/Sign", "Sign", List.of(x));
            return builder.node("/encode/Mul", "Mul", List.of(sign, logarithm));
        }
        float[] mean = new float[width()];
        // What a float of the mean lacks: numbers far from 0 with a small deviation, such as dates, need it.
        float[] rest = new float[width()];
        float[] scale = new float[width()];
        for (int i = 0; i < width(); i++) {
            boolean measured = i < measures.size();
            mean[i] = measured ? (float) measures.get(i).mean() : 0;
            rest[i] = measured ? (float) (measures.get(i).mean() - mean[i]) : 0;
            scale[i] = measured ? (float) measures.get(i).deviation() : 1;
        }
        String near = builder.node("/encode/Sub", "Sub", List.of(x, builder.floats("encode.mean", mean, width())));
        String centered =
                builder.node("/encode/Sub_1", "Sub", List.of(near, builder.floats("encode.mean_rest", rest, width())));
        String scaled = builder.node(
                "/encode/Div", "Div", List.of(centered, builder.floats("encode.deviation", scale, width())));
        // Neither a missing number nor an infinite one is 0 less itself.
        String gone = builder.node("/encode/Sub_2", "Sub", List.of(scaled, scaled));
        String missing = builder.node("/encode/IsNaN", "IsNaN", List.of(gone));
        String zero = builder.floats("encode.zero", new float[] {0}, 1);
        return builder.node("/encode/Where", "Where", List.of(missing, zero, scaled));
    }

    /** Appends tensors along the columns. */
    static String beside(GraphBuilder builder, List<String> tensors) {
        return builder.node("/rows/Concat", "Concat", tensors, Attribute.of("axis", 1L));
    }
}
