package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.DomainRows;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.DomainTerm.TermWeight;
import io.headwater.learn.adapt.TermGraph;
import io.headwater.torch.AdamW;
import io.headwater.torch.TorchDevice;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The adaptation term of a learner on a stream, with the weights that only the term has. */
final class LiveTerm implements AutoCloseable {
    /** Classes of a model with one logit. */
    private static final int CLASSES = 2;

    /** So that a term's first weights are not the numbers that the learner draws its replay by. */
    private static final long SEED = 0x7465726dL;

    private static final Saved NO_WEIGHTS = new Saved(Map.of(), new AdamW.State(0, Map.of(), Map.of()));

    private final DomainTerm term;
    private final float rate;
    private final @Nullable TermGraph own;
    private final Saved fresh;

    /** @param width of the aligned layer */
    LiveTerm(GradientSettings settings, int width, TorchDevice device) {
        this.term = settings.adaptation().method().term().orElseThrow();
        this.rate = (float) settings.learningRate() * TermGraph.OWN_RATE;
        Map<String, TermWeight> weights = term.weights(width, CLASSES, new SeededRandom(settings.seed() ^ SEED));
        this.own = weights.isEmpty() ? null : new TermGraph(weights, settings.optimizer(), device);
        this.fresh = own == null ? NO_WEIGHTS : new Saved(own.weights(), own.optimizer());
    }

    /** As at first. */
    Saved fresh() {
        return fresh;
    }

    /** What is added to a step's loss; {@code strength} is λ. */
    NDArray loss(DomainRows rows, double strength) {
        NDManager scope = rows.source().getManager();
        return term.loss(rows, own == null ? Map.of() : own.lend(scope), strength);
    }

    /** After the backward pass of a loss with {@link #loss} in it, in its scope. */
    void step() {
        if (own != null) {
            own.step(rate);
        }
    }

    /** Native tensors held between steps. */
    int nativeArrays() {
        return own == null ? 0 : own.nativeArrays();
    }

    void write(StateWriter out) {
        Map<String, float[]> weights = own == null ? Map.of() : own.weights();
        LearnerCheckpoint.weights(out, weights, own == null ? null : own.optimizer());
    }

    /** The term's own weights as they were written. */
    record Saved(Map<String, float[]> weights, AdamW.State optimizer) {}

    /** @throws IllegalArgumentException if the next values are of another term */
    Saved read(StateReader in) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        AdamW.State optimizer = LearnerCheckpoint.weights(in, own == null ? Map.of() : own.weights(), weights);
        return new Saved(weights, optimizer);
    }

    void restore(Saved saved) {
        if (own != null) {
            own.restore(saved.weights(), saved.optimizer());
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
