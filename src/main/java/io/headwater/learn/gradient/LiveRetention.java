package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.retain.Distillation;
import io.headwater.learn.retain.Ewc;
import io.headwater.learn.retain.L2Sp;
import io.headwater.learn.retain.StreamRetention;
import io.headwater.learn.retain.WeightTerm;
import io.headwater.torch.GradientScope;
import io.headwater.torch.Numbers;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a learner on a stream is held to: its weights as they stood at the last anchor, and what of them matters. */
final class LiveRetention implements AutoCloseable {
    /** Of the importance of the anchors before, how much is left at the next: Schwarz et al. 2018 keep most. */
    private static final double IMPORTANCE_DECAY = 0.9;

    /** The anchor as it is kept: the weights, and for EWC the Fisher information summed so far. */
    record Anchor(long learned, Map<String, float[]> weights, Map<String, float[]> importance) {}

    private final StreamRetention settings;
    private final String score;
    private final @Nullable TorchGraph teacher;
    private Anchor anchor = new Anchor(0, Map.of(), Map.of());
    private @Nullable WeightTerm term;
    private long learned;

    /**
     * @param trained the graph that the learner trains
     * @param parameters its trained weights
     */
    LiveRetention(
            StreamRetention settings,
            OnnxGraph trained,
            Collection<String> parameters,
            String score,
            TorchDevice device) {
        this.settings = settings;
        this.score = score;
        this.teacher = settings.method() == StreamRetention.Method.DISTILLATION
                ? new TorchGraph(trained, device, parameters)
                : null;
    }

    boolean needsImportance() {
        return settings.method() == StreamRetention.Method.EWC;
    }

    /** Counts labelled rows; whether it is time for the next anchor. */
    boolean learned(int rows) {
        learned += rows;
        return learned - anchor.learned() >= settings.every();
    }

    /**
     * Holds the learner to {@code weights} from here on.
     *
     * @param fresh the Fisher information at them, empty where it is not needed
     */
    void anchor(Map<String, float[]> weights, Map<String, float[]> fresh) {
        Map<String, float[]> sum = new LinkedHashMap<>();
        fresh.forEach((name, values) -> {
            float[] before = anchor.importance().getOrDefault(name, new float[values.length]);
            float[] both = new float[values.length];
            for (int i = 0; i < both.length; i++) {
                float both1 = (float) IMPORTANCE_DECAY * before[i] + values[i];
                // A row of huge values says nothing of the others.
                both[i] = Float.isFinite(both1) ? both1 : before[i];
            }
            sum.put(name, both);
        });
        become(new Anchor(learned, weights, sum));
    }

    private void become(Anchor next) {
        anchor = next;
        switch (settings.method()) {
            case L2_SP -> term = new L2Sp(settings.weight(), next.weights());
            case EWC -> {
                Ewc ewc = new Ewc(settings.weight(), 0);
                ewc.consolidate(next.weights(), next.importance());
                term = ewc;
            }
            case DISTILLATION -> {
                if (teacher != null) {
                    next.weights().forEach(teacher::setWeights);
                }
            }
            case NONE -> throw new IllegalStateException("nothing is kept");
        }
    }

    /** What the kept model says of rows; nothing where only weights are compared. */
    float[] taught(Prefix prefix, java.util.List<Prefix.Rows> rows) {
        return teacher == null
                ? new float[0]
                : GradientScope.plain(
                        teacher,
                        scope -> teacher.run(scope, prefix.rows(scope.manager(), rows))
                                .get(score)
                                .toFloatArray());
    }

    /**
     * The weighted term of a step.
     *
     * @param scores of the labelled rows, without the intercept
     * @param taught of {@link #taught} for the same rows
     */
    NDArray loss(NDManager manager, NDArray scores, float[] taught, Map<String, NDArray> weights) {
        if (term != null) {
            return term.loss(weights);
        }
        NDArray kept = manager.create(taught, scores.getShape());
        return Numbers.times(Distillation.USUAL.loss(scores.reshape(-1), kept.reshape(-1)), (float) settings.weight());
    }

    /** Native tensors held between steps. */
    int nativeArrays() {
        return teacher == null ? 0 : teacher.nativeArrays();
    }

    void write(StateWriter out) {
        out.integer64(learned)
                .integer64(anchor.learned())
                .integer(anchor.weights().size());
        anchor.weights().forEach((name, values) -> {
            float[] importance = anchor.importance().getOrDefault(name, new float[0]);
            out.text(name).reals(values).reals(importance);
        });
    }

    /** As it was written. */
    record Saved(long learned, Anchor anchor) {}

    /**
     * @param shape names and sizes that the weights must have
     * @throws IllegalArgumentException if the next values are of other weights
     */
    Saved read(StateReader in, Map<String, float[]> shape) {
        long rows = in.integer64();
        long anchored = in.integer64();
        in.integer(shape.size(), shape.size());
        Map<String, float[]> weights = new LinkedHashMap<>();
        Map<String, float[]> importance = new LinkedHashMap<>();
        shape.forEach((name, own) -> {
            if (!in.text().equals(name)) {
                throw new IllegalArgumentException("what is kept has other weights than " + shape.keySet());
            }
            weights.put(name, in.reals(own.length));
            float[] matters = in.reals(needsImportance() ? own.length : 0);
            if (needsImportance()) {
                importance.put(name, matters);
            }
        });
        if (anchored > rows || rows < 0) {
            throw new IllegalArgumentException("an anchor at row " + anchored + " of " + rows);
        }
        return new Saved(rows, new Anchor(anchored, weights, importance));
    }

    void restore(Saved saved) {
        learned = saved.learned();
        become(saved.anchor());
    }

    @Override
    public void close() {
        if (teacher != null) {
            teacher.close();
        }
    }
}
