package io.headwater.learn.gradient;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.NumericScaler;
import io.headwater.feature.RowLayout;
import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.RowLayouts;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A model developed offline on the source domain, with all that a {@link GradientLearner} needs to go on from it.
 *
 * @param onnx the model, or on a backbone its trainable part; it is the frozen model and version 1
 * @param anatomy where its parts are
 * @param layout the rows that it reads
 * @param statistics the numeric columns' statistics over the source, as {@link NumericScaler#state()} gives them
 * @param sample labelled rows of the source domain, bounded: what live traffic is aligned with. It is as offline
 *     development left it, but for rows of owners that were {@link #without erased}
 * @param validation how good it is on held-out source examples
 */
public record SourceModel(
        byte[] onnx,
        Anatomy anatomy,
        RowLayout layout,
        double[] statistics,
        LabeledRows sample,
        Validation validation) {
    private static final String KIND = "headwater source model";
    private static final int FORMAT = 5;
    /** In format 4 the sample was always in there: its releases must not take one that lacks it. */
    private static final int OLDEST_FORMAT = 4;

    private static final String SAMPLE_KIND = "headwater source sample";
    private static final int SAMPLE_FORMAT = 1;

    /**
     * The trainable part of a backbone, to be fine-tuned on the stream.
     *
     * @param weights trained ones by name; the other ones stay as they are
     * @param layout the rows that the frozen part makes
     */
    public static SourceModel of(
            Backbone backbone,
            Map<String, float[]> weights,
            RowLayout layout,
            LabeledRows sample,
            Validation validation) {
        byte[] onnx = backbone.split().suffix().withInitializers(weights).toBytes();
        return new SourceModel(
                onnx, Anatomy.of(backbone), layout, new double[3 * layout.numericWidth()], sample, validation);
    }

    public OnnxGraph graph() {
        return OnnxGraph.read(onnx);
    }

    /** Whether it is the trainable part of a backbone, and not a whole model. */
    public boolean isOnBackbone() {
        return anatomy.cuts().containsKey(Anatomy.SUFFIX);
    }

    /** How such a model learns from a stream where nobody says otherwise. */
    public GradientSettings usualSettings() {
        if (!isOnBackbone()) {
            return GradientSettings.DEFAULT;
        }
        return anatomy.layers().size() == 1 ? GradientSettings.HEAD : GradientSettings.LAYERS;
    }

    /** The same without rows of some owners in its sample. */
    public SourceModel without(OwnerKeys owners) {
        return with(sample.without(owners));
    }

    /** The same without its sample: what it was made of is nobody's in there. */
    public SourceModel bare() {
        return with(LabeledRows.none(layout));
    }

    private SourceModel with(LabeledRows rows) {
        return rows == sample ? this : new SourceModel(onnx, anatomy, layout, statistics, rows, validation);
    }

    /** Its sample alone, to be kept apart from the {@link #bare} model. */
    public byte[] writeSample() {
        StateWriter out = new StateWriter(SAMPLE_KIND, SAMPLE_FORMAT);
        sample.write(out);
        return out.toBytes();
    }

    /**
     * The same with another sample.
     *
     * @throws IllegalArgumentException if the bytes are not what {@link #writeSample()} gives for rows as it reads them
     */
    public SourceModel withSample(byte[] written) {
        StateReader in = new StateReader(written, SAMPLE_KIND, SAMPLE_FORMAT);
        LabeledRows rows = LabeledRows.read(in, layout);
        in.end();
        return with(rows);
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
        RowLayouts.write(layout, out);
        out.reals64(statistics);
        sample.write(out);
        validation.write(out);
        return out.toBytes();
    }

    /** @throws IllegalArgumentException if the bytes are not what {@link #write()} gives */
    public static SourceModel read(byte[] bytes) {
        StateReader in = new StateReader(bytes, KIND, OLDEST_FORMAT, FORMAT);
        byte[] onnx = in.bytes();
        Anatomy anatomy = Anatomy.read(in);
        RowLayout layout = RowLayouts.read(in);
        double[] statistics = in.reals64(3 * layout.numericWidth(), 4 * layout.numericWidth());
        LabeledRows sample = LabeledRows.read(in, layout);
        Validation validation = Validation.read(in);
        in.end();
        return new SourceModel(onnx, anatomy, layout, statistics, sample, validation);
    }
}
