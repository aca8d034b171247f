package io.headwater.learn.gradient;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A model developed offline on the source domain, with all that a {@link GradientLearner} needs to go on from it.
 *
 * @param onnx the model, one self-contained file; it is the frozen model and version 1
 * @param anatomy where its parts are
 * @param schema how events become its inputs
 * @param statistics the numeric columns' statistics over the source, as {@link NumericScaler#state()} gives them
 * @param sample labelled rows of the source domain, bounded: what live traffic is aligned with
 * @param validation how good it is on held-out source examples
 */
public record SourceModel(
        byte[] onnx,
        Anatomy anatomy,
        FeatureSchema schema,
        double[] statistics,
        LabeledRows sample,
        Validation validation) {
    private static final String KIND = "headwater source model";
    private static final int FORMAT = 1;
    private static final int MAX_FIELDS = 100_000;

    public OnnxGraph graph() {
        return OnnxGraph.read(onnx);
    }

    /** SHA-256 (hex) of the ONNX file. */
    public String sha256() {
        return HexFormat.of().formatHex(digest().digest(onnx));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** All of it as bytes, to be kept beside version 1. */
    public byte[] write() {
        StateWriter out = new StateWriter(KIND, FORMAT);
        out.bytes(onnx);
        anatomy.write(out);
        names(out, schema.layout().numeric());
        names(out, schema.layout().categorical());
        out.integer(schema.timeOfDay() ? 1 : 0)
                .integer(schema.weekday() ? 1 : 0)
                .integer(schema.buckets());
        out.reals64(statistics);
        sample.write(out);
        validation.write(out);
        return out.toBytes();
    }

    private static void names(StateWriter out, List<String> names) {
        out.integer(names.size());
        names.forEach(out::text);
    }

    /** @throws IllegalArgumentException if the bytes are not what {@link #write()} gives */
    public static SourceModel read(byte[] bytes) {
        StateReader in = new StateReader(bytes, KIND, FORMAT);
        byte[] onnx = in.bytes();
        Anatomy anatomy = Anatomy.read(in);
        EventLayout layout = new EventLayout(names(in), names(in));
        FeatureSchema schema = new FeatureSchema(layout, in.integer(0, 1) == 1, in.integer(0, 1) == 1, in.integer());
        double[] statistics = in.reals64(3 * schema.numericWidth());
        LabeledRows sample = LabeledRows.read(in, schema);
        Validation validation = Validation.read(in);
        in.end();
        return new SourceModel(onnx, anatomy, schema, statistics, sample, validation);
    }

    private static List<String> names(StateReader in) {
        int count = in.integer(0, MAX_FIELDS);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(in.text());
        }
        return names;
    }
}
