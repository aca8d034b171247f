package io.headwater.learn.gradient;

import io.headwater.feature.RowLayout;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.LiveDomains;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import io.headwater.torch.AdamW;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link GradientLearner}'s whole state, read and checked before any of it is taken over.
 *
 * @param intercept the running intercept
 * @param stepsEarned what small mini-batches have put aside
 * @param random state of the random generator
 * @param statistics of the numeric columns
 * @param adaptation null where the checkpoint is of a learner that aligned nothing, or by another method
 * @param retention null where the checkpoint is of a learner that was kept from forgetting by another method, or by none
 */
record LearnerCheckpoint(
        float intercept,
        double stepsEarned,
        long random,
        Map<String, float[]> weights,
        AdamW.State optimizer,
        double[] statistics,
        SavedReplay replay,
        SavedReplay recent,
        @Nullable SavedAdaptation adaptation,
        LiveRetention.@Nullable Saved retention) {
    /** What adaptation knows: the domains, and the term's own weights. */
    record SavedAdaptation(LiveDomains.Saved domains, LiveTerm.Saved term) {}

    static final String KIND = "headwater gradient learner";
    static final int FORMAT = 5;
    private static final String ADAPTATION_KIND = "headwater stream adaptation";
    private static final int ADAPTATION_FORMAT = 4;
    /** Nobody counted a target's labels then; and CORAL had no unit, so that its checkpoints lack a weight. */
    private static final int OLDEST_ADAPTATION_FORMAT = 3;

    private static final String RETENTION_KIND = "headwater stream retention";
    private static final int RETENTION_FORMAT = 1;
    private static final int MAX_ROWS = 10_000_000;

    /**
     * @param shape the learner's own weights: names and sizes that the bytes must have
     * @param settings the learner's own
     * @param term the learner's own; null where it aligns nothing
     * @param retention the learner's own; null where nothing keeps it from forgetting
     * @throws IllegalArgumentException if the bytes are damaged, or of a learner of another source model or cut
     */
    static LearnerCheckpoint read(
            byte[] bytes,
            String identity,
            Map<String, float[]> shape,
            RowLayout layout,
            GradientSettings settings,
            @Nullable LiveTerm term,
            @Nullable LiveRetention retention) {
        StateReader in = new StateReader(bytes, KIND, FORMAT);
        String found = in.text();
        if (!found.equals(identity)) {
            throw new IllegalArgumentException(
                    "the checkpoint is of source model and cut " + found + "; this learner's are " + identity);
        }
        float intercept = in.real();
        double stepsEarned = in.real64();
        long random = in.integer64();
        Map<String, float[]> weights = new LinkedHashMap<>();
        AdamW.State optimizer = weights(in, shape, weights);
        double[] statistics = in.reals64(3 * layout.numericWidth(), 4 * layout.numericWidth());
        SavedReplay replay = SavedReplay.read(in, layout, MAX_ROWS);
        SavedReplay recent = SavedReplay.read(in, layout, MAX_ROWS);
        boolean sameMethod = in.text().equals(settings.adaptation().method().spelled());
        byte[] adapted = in.bytes();
        boolean sameRetention = in.text().equals(settings.retention().method().spelled());
        byte[] retained = in.bytes();
        in.end();
        return new LearnerCheckpoint(
                intercept,
                stepsEarned,
                random,
                weights,
                optimizer,
                statistics,
                replay,
                recent,
                sameMethod && term != null ? adaptation(adapted, layout, term) : null,
                sameRetention && retention != null ? retention(retained, shape, retention) : null);
    }

    private static LiveRetention.Saved retention(byte[] bytes, Map<String, float[]> shape, LiveRetention retention) {
        StateReader in = new StateReader(bytes, RETENTION_KIND, RETENTION_FORMAT);
        LiveRetention.Saved saved = retention.read(in, shape);
        in.end();
        return saved;
    }

    /** The part that only a learner with the same retention takes over. */
    static byte[] retention(LiveRetention retention) {
        StateWriter out = new StateWriter(RETENTION_KIND, RETENTION_FORMAT);
        retention.write(out);
        return out.toBytes();
    }

    private static SavedAdaptation adaptation(byte[] bytes, RowLayout layout, LiveTerm term) {
        StateReader in = new StateReader(bytes, ADAPTATION_KIND, OLDEST_ADAPTATION_FORMAT, ADAPTATION_FORMAT);
        SavedAdaptation saved = new SavedAdaptation(LiveDomains.Saved.read(in, layout), term.read(in));
        in.end();
        return saved;
    }

    /** The part that only a learner with the same method takes over. */
    static byte[] adaptation(LiveDomains domains, LiveTerm term) {
        StateWriter out = new StateWriter(ADAPTATION_KIND, ADAPTATION_FORMAT);
        domains.write(out);
        term.write(out);
        return out.toBytes();
    }

    /** Weights of the names and sizes of {@code shape}, which go {@code into} a map, and the optimizer's state of them. */
    static AdamW.State weights(StateReader in, Map<String, float[]> shape, Map<String, float[]> into) {
        long steps = in.integer64();
        Map<String, float[]> first = new LinkedHashMap<>();
        Map<String, float[]> second = new LinkedHashMap<>();
        in.integer(shape.size(), shape.size());
        shape.forEach((name, own) -> {
            if (!in.text().equals(name)) {
                throw new IllegalArgumentException("the checkpoint has other weights than " + shape.keySet());
            }
            into.put(name, in.reals(own.length));
            first.put(name, in.reals(own.length));
            second.put(name, in.reals(own.length));
        });
        return new AdamW.State(steps, first, second);
    }

    /** Weights as {@link #weights(StateReader, Map, Map)} reads them; without any there is no optimizer. */
    static void weights(StateWriter out, Map<String, float[]> weights, AdamW.@Nullable State optimizer) {
        out.integer64(optimizer == null ? 0 : optimizer.steps()).integer(weights.size());
        if (optimizer != null) {
            weights.forEach((name, values) -> out.text(name)
                    .reals(values)
                    .reals(moments(optimizer.first(), name))
                    .reals(moments(optimizer.second(), name)));
        }
    }

    /** Everything up to the rows, which write themselves. */
    static StateWriter begin(
            String identity,
            float intercept,
            double stepsEarned,
            long random,
            Map<String, float[]> weights,
            AdamW.State optimizer,
            double[] statistics) {
        StateWriter out = new StateWriter(KIND, FORMAT)
                .text(identity)
                .real(intercept)
                .real64(stepsEarned)
                .integer64(random);
        weights(out, weights, optimizer);
        return out.reals64(statistics);
    }

    private static float[] moments(Map<String, float[]> moments, String name) {
        float[] values = moments.get(name);
        if (values == null) {
            throw new IllegalStateException("no moments of '" + name + "'");
        }
        return values;
    }
}
