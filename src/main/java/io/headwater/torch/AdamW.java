package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.fault.KillPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adam with decoupled weight decay, holding its own moments, so that they can be saved and restored bit for bit.
 * Weight decay is applied to matrices only, never to biases.
 */
public final class AdamW implements AutoCloseable {
    /*
     * Kingma & Ba, Adam (ICLR 2015), in the form of the end of their section 2 (bias corrections folded into the step
     * size), with the decay of Loshchilov & Hutter, Decoupled Weight Decay Regularization (ICLR 2019), in PyTorch's
     * fused kernel. DJL's optimizers hide their moments, hence not those.
     *
     * The corrections count a parameter's own steps: the moments of one that was frozen at first are still zero when it
     * begins to train, and with the others' count its first steps would be three times too long.
     */
    private static final float EPSILON = 1e-8f;

    /**
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param weightDecay fraction of a weight taken off per unit of learning rate
     * @param clipNorm the largest global L2 norm of the gradient; longer ones are scaled down to it
     */
    public record Settings(float beta1, float beta2, float weightDecay, float clipNorm) {
        public static final Settings DEFAULT = new Settings(0.9f, 0.999f, 0.01f, 1f);

        public Settings {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 > 0 && beta2 < 1)) {
                throw new IllegalArgumentException("betas are " + beta1 + " and " + beta2 + "; [0, 1) is allowed");
            }
            if (!(weightDecay >= 0 && weightDecay <= 10)) {
                throw new IllegalArgumentException("weight decay is " + weightDecay + "; 0 to 10 is allowed");
            }
            // Without a bound one huge gradient makes a second moment infinite, and its weight never moves again.
            if (!(clipNorm > 0 && clipNorm <= 1e6f)) {
                throw new IllegalArgumentException("clip norm is " + clipNorm + "; above 0 to 1e6 is allowed");
            }
        }
    }

    /**
     * What a step did.
     *
     * @param gradientNorm global L2 norm before clipping; not finite where the step was left out for that
     */
    public record Step(double gradientNorm, boolean applied) {}

    /**
     * The optimizer's state.
     *
     * @param steps applied so far
     * @param taken those of them that moved the parameter, by its name: fewer where it was frozen for a while
     * @param first first moments by parameter, row-major
     * @param second second moments by parameter, row-major
     */
    public record State(long steps, Map<String, Long> taken, Map<String, float[]> first, Map<String, float[]> second) {
        /** Of parameters none of which was ever frozen. */
        public State(long steps, Map<String, float[]> first, Map<String, float[]> second) {
            this(steps, first.keySet().stream().collect(Collectors.toMap(name -> name, name -> steps)), first, second);
        }
    }

    private static final class Slot {
        private final NDArray weight;
        private final NDArray first;
        private final NDArray second;
        private final boolean decays;
        private long taken;

        Slot(NDArray weight, NDManager manager) {
            this.weight = weight;
            this.first = manager.zeros(weight.getShape(), weight.getDataType());
            this.second = manager.zeros(weight.getShape(), weight.getDataType());
            this.decays = weight.getShape().dimension() > 1;
        }
    }

    private final TorchGraph graph;
    private final Settings settings;
    private final NDManager manager;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private long steps;

    /** Optimizes all parameters of {@code graph}, which must outlive it. */
    public AdamW(TorchGraph graph, Settings settings) {
        this.graph = graph;
        this.settings = settings;
        this.manager = graph.manager().newSubManager();
        JniUtils.setGradMode(false);
        graph.parameters().forEach((name, weight) -> slots.put(name, new Slot(weight, manager)));
    }

    /**
     * Takes one step along the gradients of the last {@link GradientScope#backward}, clears them, and leaves it out if
     * they are not all finite. A parameter that does not {@linkplain TorchGraph#train train} stays as it is, and so do
     * its moments. Must be called inside that scope.
     *
     * @param learningRate for every parameter; {@code factors} multiplies it by name, 1 where absent
     */
    public Step step(float learningRate, Map<String, Float> factors) {
        JniUtils.setGradMode(false);
        Map<String, PtNDArray> gradients = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            PtNDArray gradient = graph.trains(name) ? gradient(slot.weight) : null;
            if (gradient != null) {
                gradients.put(name, gradient);
            }
        });
        double norm = norm(gradients);
        boolean finite = Double.isFinite(norm);
        if (finite) {
            steps++;
            float scale = norm > settings.clipNorm() ? (float) (settings.clipNorm() / norm) : 1f;
            gradients.forEach((name, gradient) -> {
                update(slot(name), gradient, learningRate * factors.getOrDefault(name, 1f), scale);
                KillPoint.OPTIMIZER_STEP.pass();
            });
        }
        gradients.keySet().forEach(name -> JniUtils.zeroGrad((PtNDArray) slot(name).weight));
        return new Step(norm, finite);
    }

    private static @Nullable PtNDArray gradient(NDArray weight) {
        return JniUtils.getGradient((PtNDArray) weight);
    }

    private void update(Slot slot, PtNDArray gradient, float rate, float scale) {
        slot.taken++;
        double corrected = rate
                * Math.sqrt(1 - Math.pow(settings.beta2(), slot.taken))
                / (1 - Math.pow(settings.beta1(), slot.taken));
        NDList inputs = new NDList(slot.weight, gradient, slot.first, slot.second);
        slot.weight
                .getNDArrayInternal()
                .adamUpdate(
                        inputs,
                        new NDList(slot.weight),
                        rate,
                        (float) corrected,
                        slot.decays ? settings.weightDecay() : 0f,
                        scale,
                        -1f,
                        settings.beta1(),
                        settings.beta2(),
                        EPSILON,
                        false,
                        true);
    }

    /** Global L2 norm; infinite or NaN where a gradient is. Summed in double, in the parameters' order. */
    private static double norm(Map<String, PtNDArray> gradients) {
        double squares = 0;
        for (NDArray gradient : gradients.values()) {
            squares += gradient.square().sum().getFloat();
        }
        return Math.sqrt(squares);
    }

    private Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("'" + name + "' is not optimized; these are: " + slots.keySet());
        }
        return slot;
    }

    public State state() {
        Map<String, Long> taken = new LinkedHashMap<>();
        Map<String, float[]> first = new LinkedHashMap<>();
        Map<String, float[]> second = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            taken.put(name, slot.taken);
            first.put(name, slot.first.toFloatArray());
            second.put(name, slot.second.toFloatArray());
        });
        return new State(steps, taken, first, second);
    }

    /**
     * Takes over what {@link #state()} gave.
     *
     * @throws IllegalArgumentException if it is of other parameters or sizes; nothing is changed then
     */
    public void restore(State state) {
        List<String> wrong = new ArrayList<>();
        for (Entry<String, Slot> entry : slots.entrySet()) {
            float[] first = state.first().get(entry.getKey());
            float[] second = state.second().get(entry.getKey());
            long size = entry.getValue().weight.size();
            boolean counted = state.taken().containsKey(entry.getKey());
            if (!counted || first == null || second == null || first.length != size || second.length != size) {
                wrong.add(entry.getKey());
            }
        }
        if (!wrong.isEmpty()
                || state.first().size() != slots.size()
                || state.taken().size() != slots.size()) {
            throw new IllegalArgumentException("optimizer state does not fit: " + wrong + " of " + slots.keySet());
        }
        state.first().forEach((name, values) -> TorchGraph.overwrite(slot(name).first, values));
        state.second().forEach((name, values) -> TorchGraph.overwrite(slot(name).second, values));
        state.taken().forEach((name, count) -> slot(name).taken = count);
        steps = state.steps();
    }

    @Override
    public void close() {
        manager.close();
    }
}
