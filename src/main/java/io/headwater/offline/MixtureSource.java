package io.headwater.offline;

import io.headwater.event.LabeledExample;
import io.headwater.event.OwnerKeys;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowSource;
import io.headwater.learn.Memos;
import io.headwater.learn.RowLayouts;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.Validation;
import io.headwater.learn.online.MixtureModel;
import io.headwater.registry.VersionStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mixture that has learned the source examples, each once.
 *
 * @param learner its checkpoint; empty where it is {@link #bare}
 */
public record MixtureSource(RowLayout layout, byte[] onnx, byte[] learner, Validation validation)
        implements VersionOne {
    private static final String KIND = "headwater mixture source";
    /** In format 1 the learner was in there too. */
    private static final int FORMAT = 2;

    private static final int MIN_EXAMPLES = 20;

    /** A checkpoint has its own. */
    private static final long ANY_SEED = 0;

    /** The part of a kept source that says what kind it is; sources of other kinds lack it. */
    private static final String LEARNER = "learner.txt";

    private static final String MIXTURE = "mixture";

    /**
     * Takes a fresh mixture through the examples as a stream that has each label with its event.
     *
     * @param examples in time order; the last ones say how good the mixture is, each before it is learned
     * @throws IllegalArgumentException if there are too few
     */
    public static MixtureSource develop(List<LabeledExample> examples, FeatureSchema schema, long seed) {
        if (examples.size() < MIN_EXAMPLES) {
            throw new IllegalArgumentException("a source model is developed on at least " + MIN_EXAMPLES
                    + " labelled examples, not " + examples.size());
        }
        int rows = examples.size();
        float[] logits = new float[rows];
        float[] labels = new float[rows];
        MixtureModel model = new MixtureModel(schema.rows(), seed);
        try (EncodedRows encoded = new EncodedRows(new FeatureEncoder(schema), 1)) {
            FeatureBatch row = encoded.batch();
            Memos memo = new Memos(1, model.memoLength());
            float[] logit = new float[1];
            float[] label = new float[1];
            for (int i = 0; i < rows; i++) {
                encoded.encode(List.of(examples.get(i).event()));
                labels[i] = examples.get(i).label().value();
                label[0] = labels[i];
                model.arrive(row, logit, memo);
                logits[i] = logit[0];
                model.learn(row, label, memo);
            }
        }
        int judged = Math.max(1, (int) (rows * SourceSettings.DEFAULT.validationShare()));
        Validation validation = Validation.of(
                Arrays.copyOfRange(logits, rows - judged, rows), Arrays.copyOfRange(labels, rows - judged, rows), 1);
        return new MixtureSource(schema.rows(), model.export(), model.checkpoint(), validation);
    }

    /** The mixture as it starts on the stream. */
    public MixtureModel model() {
        MixtureModel model = new MixtureModel(layout, ANY_SEED);
        model.restore(learner);
        return model;
    }

    @Override
    public RowSource rows(FeatureSchema tabular, int maxTokens) {
        return RowSource.of(new FeatureEncoder(tabular));
    }

    @Override
    public byte[] selfContained(byte[] version) {
        return version;
    }

    @Override
    public void keep(VersionStore store) {
        store.source().keep(toBytes(), rowsToBytes(), Map.of(LEARNER, MIXTURE.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public byte[] toBytes() {
        StateWriter out = new StateWriter(KIND, FORMAT);
        RowLayouts.write(layout, out);
        out.bytes(onnx).bytes(new byte[0]);
        validation.write(out);
        return out.toBytes();
    }

    @Override
    public byte[] rowsToBytes() {
        return learner;
    }

    @Override
    public Optional<byte[]> without(List<Long> owners) {
        try (MixtureModel model = model()) {
            int erased = model.erase(OwnerKeys.of(owners));
            return erased == 0 ? Optional.empty() : Optional.of(model.checkpoint());
        }
    }

    @Override
    public VersionOne bare() {
        return with(new byte[0]);
    }

    @Override
    public boolean isBare() {
        return learner.length == 0;
    }

    @Override
    public VersionOne withRowsOf(VersionStore store) {
        return VersionOne.rowsOf(store, this).map(this::with).orElse(this);
    }

    private MixtureSource with(byte[] other) {
        return new MixtureSource(layout, onnx, other, validation);
    }

    static boolean isIn(VersionStore store) {
        return store.source()
                .part(LEARNER)
                .map(words -> new String(words, StandardCharsets.UTF_8))
                .filter(MIXTURE::equals)
                .isPresent();
    }

    static MixtureSource kept(VersionStore store) {
        StateReader in = new StateReader(store.source().bytes(), KIND, 1, FORMAT);
        MixtureSource kept = new MixtureSource(RowLayouts.read(in), in.bytes(), in.bytes(), Validation.read(in));
        in.end();
        return kept;
    }
}
