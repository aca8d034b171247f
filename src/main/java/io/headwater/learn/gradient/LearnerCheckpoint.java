package io.headwater.learn.gradient;

import io.headwater.feature.RowLayout;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.TrafficWindow.SavedWindow;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import io.headwater.torch.AdamW;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link GradientLearner}'s whole state, read and checked before any of it is taken over.
 *
 * @param intercept the running intercept
 * @param stepsEarned what small mini-batches have put aside
 * @param random state of the random generator
 * @param statistics of the numeric columns
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
        SavedWindow traffic) {
    static final String KIND = "headwater gradient learner";
    static final int FORMAT = 2;
    private static final int MAX_ROWS = 10_000_000;

    /**
     * @param shape the learner's own weights: names and sizes that the bytes must have
     * @throws IllegalArgumentException if the bytes are damaged, or of a learner of another source model or cut
     */
    static LearnerCheckpoint read(
            byte[] bytes, String identity, Map<String, float[]> shape, RowLayout layout, int trafficRows) {
        StateReader in = new StateReader(bytes, KIND, FORMAT);
        String found = in.text();
        if (!found.equals(identity)) {
            throw new IllegalArgumentException(
                    "the checkpoint is of source model and cut " + found + "; this learner's are " + identity);
        }
        float intercept = in.real();
        double stepsEarned = in.real64();
        long random = in.integer64();
        long steps = in.integer64();
        Map<String, float[]> weights = new LinkedHashMap<>();
        Map<String, float[]> first = new LinkedHashMap<>();
        Map<String, float[]> second = new LinkedHashMap<>();
        in.integer(shape.size(), shape.size());
        shape.forEach((name, own) -> {
            if (!in.text().equals(name)) {
                throw new IllegalArgumentException("the checkpoint has other weights than " + shape.keySet());
            }
            weights.put(name, in.reals(own.length));
            first.put(name, in.reals(own.length));
            second.put(name, in.reals(own.length));
        });
        double[] statistics = in.reals64(3 * layout.numericWidth());
        SavedReplay replay = SavedReplay.read(in, layout, MAX_ROWS);
        SavedReplay recent = SavedReplay.read(in, layout, MAX_ROWS);
        SavedWindow traffic = SavedWindow.read(in, layout, trafficRows);
        in.end();
        return new LearnerCheckpoint(
                intercept,
                stepsEarned,
                random,
                weights,
                new AdamW.State(steps, first, second),
                statistics,
                replay,
                recent,
                traffic);
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
                .integer64(random)
                .integer64(optimizer.steps())
                .integer(weights.size());
        weights.forEach((name, values) -> out.text(name)
                .reals(values)
                .reals(moments(optimizer.first(), name))
                .reals(moments(optimizer.second(), name)));
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
