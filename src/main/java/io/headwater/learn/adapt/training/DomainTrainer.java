package io.headwater.learn.adapt.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.DomainRows;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.TermGraph;
import io.headwater.learn.gradient.Objective;
import io.headwater.learn.gradient.TargetRows;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.learn.schedule.Decay;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.torch.AdamW;
import io.headwater.torch.GradientScope;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a net on labelled source rows, and aligns them with unlabelled target rows by a term. The same rows, settings,
 * seed and device give the same bits; the source batches do not depend on the term, so that trainings with and without
 * it can be compared pairwise.
 */
public final class DomainTrainer {
    /**
     * How it trains.
     *
     * @param learningRate of AdamW at its highest
     * @param warmUpEpochs passes in which it rises from 0 to that; then it falls to 0 along a cosine
     * @param weightDecay AdamW's decoupled weight decay
     * @param clipNorm longest gradient, longer ones are scaled down to it
     * @param batchRows source rows of a step; of them and of the target rows at most {@value #TERM_ROWS} each are aligned
     * @param epochs passes over the source rows
     */
    public record Settings(
            double learningRate, double warmUpEpochs, double weightDecay, double clipNorm, int batchRows, int epochs) {
        public static final Settings USUAL = new Settings(3e-3, 1e-2, 64, 10);

        private static final double WARM_UP = 1;
        private static final double CLIP_NORM = 1;

        public Settings {
            Allowed.above("learning rate", learningRate, 0, 1);
            Allowed.within("warm-up epochs", warmUpEpochs, 0, 1_000_000);
            Allowed.within("weight decay", weightDecay, 0, 10);
            Allowed.above("clip norm", clipNorm, 0, 1e6);
            Allowed.within("batch rows", batchRows, 2, 100_000);
            Allowed.within("epochs", epochs, 1, 1_000_000);
        }

        /** With the usual warm-up and clipping. */
        public Settings(double learningRate, double weightDecay, int batchRows, int epochs) {
            this(learningRate, WARM_UP, weightDecay, CLIP_NORM, batchRows, epochs);
        }

        AdamW.Settings optimizer() {
            return new AdamW.Settings(0.9f, 0.999f, (float) weightDecay, (float) clipNorm);
        }

        RateSchedule rates(int stepsInEpoch) {
            double rise = Math.min(warmUpEpochs, epochs / 2.0);
            return new RateSchedule.InEpochs(rise, new Decay.Cosine(epochs - rise, 0)).inSteps(stepsInEpoch);
        }
    }

    /** Whoever watches a training, and may end it. */
    public interface Watcher {
        Watcher NONE = (done, of, loss) -> true;

        /**
         * After a step.
         *
         * @param loss of the labels, in nats
         * @return whether to go on
         */
        boolean step(long done, long of, double loss);
    }

    /**
     * As many as the usual batch has: a strength then means the same in larger batches, in which a term on all rows would
     * cost more than the rest of the step.
     */
    private static final int TERM_ROWS = 64;

    private final AdaptNet net;
    private final Optional<DomainTerm> term;
    private final double strength;
    private final Settings settings;
    private final TorchDevice device;
    private final long seed;

    /**
     * @param term empty to train on the source rows alone
     * @param strength λ
     */
    public DomainTrainer(
            AdaptNet net,
            Optional<DomainTerm> term,
            double strength,
            Settings settings,
            TorchDevice device,
            long seed) {
        Allowed.within("lambda", strength, 0, 1e9);
        this.net = net;
        this.term = term;
        this.strength = strength;
        this.settings = settings;
        this.device = device;
        this.seed = seed;
    }

    /**
     * The net with its weights after the last step.
     *
     * @param training numbers of the source rows to learn
     * @param target rows whose labels are not looked at
     * @param classes 2 where the net has one logit
     * @throws IllegalArgumentException if there are fewer than two rows of either
     */
    public AdaptNet train(TrainingRows source, int[] training, TrainingRows target, int classes, Watcher watcher) {
        return train(source, SourcePasses.of(training), target, classes, watcher);
    }

    /**
     * As {@link #train(TrainingRows, int[], TrainingRows, int, Watcher)}, with source rows of several domains.
     *
     * @param passes over the source rows to learn
     */
    public AdaptNet train(TrainingRows source, SourcePasses passes, TrainingRows target, int classes, Watcher watcher) {
        if (passes.size() < 2 || target.size() < 2) {
            throw new IllegalArgumentException("there are " + passes.size() + " source rows to learn and "
                    + target.size() + " target rows; at least two of each are needed");
        }
        try (Run run = new Run(source, passes, target, classes)) {
            return net.with(run.train(watcher));
        }
    }

    /** One training. */
    private final class Run implements AutoCloseable {
        private final TrainingRows source;
        private final SourcePasses.Course passes;
        private final int rowsInPass;
        private final TrainingRows target;
        private final int[] targetOrder;
        private final int batchRows;
        private final int termRows;
        private final SeededRandom targetRandom = new SeededRandom(seed + 1);
        private final TorchGraph graph;
        private final AdamW adam;
        private final StagedRows staged;
        private final TargetRows labels;
        private final Optional<TermGraph> own;
        private int nextTarget;

        Run(TrainingRows source, SourcePasses passes, TrainingRows target, int classes) {
            this.source = source;
            this.passes = passes.begin(new SeededRandom(seed));
            this.rowsInPass = passes.size();
            this.target = target;
            this.targetOrder = IntStream.range(0, target.size()).toArray();
            this.batchRows = Math.min(settings.batchRows(), rowsInPass);
            this.termRows = Math.min(Math.min(batchRows, TERM_ROWS), target.size());
            this.staged = new StagedRows(source.layout(), batchRows + termRows);
            this.labels = Objective.CROSS_ENTROPY.targets(batchRows, classes);
            this.graph = new TorchGraph(net.graph(), device, net.weights());
            this.adam = new AdamW(graph, settings.optimizer());
            this.own = term.map(alignment -> alignment.weights(width(), classes, new SeededRandom(seed + 2)))
                    .filter(weights -> !weights.isEmpty())
                    .map(weights -> new TermGraph(weights, settings.optimizer(), device));
            targetRandom.shuffle(targetOrder);
        }

        /** Of the layer to align. */
        private int width() {
            staged.clear();
            staged.add(source, new int[1], 0, 1);
            return GradientScope.plain(
                    graph,
                    scope -> Math.toIntExact(graph.run(scope, staged.tensors(scope.manager()))
                            .get(net.features())
                            .getShape()
                            .get(1)));
        }

        Map<String, float[]> train(Watcher watcher) {
            int stepsInEpoch = rowsInPass / batchRows;
            long steps = (long) settings.epochs() * stepsInEpoch;
            RateSchedule rates = settings.rates(stepsInEpoch);
            int[] order = new int[0];
            for (long step = 0; step < steps; step++) {
                int inEpoch = (int) (step % stepsInEpoch);
                order = inEpoch == 0 ? passes.next() : order;
                stage(order, inEpoch * batchRows);
                float rate = (float) (settings.learningRate() * rates.factor(step));
                double loss = step(rate, step / (double) steps);
                if (!watcher.step(step + 1, steps, loss)) {
                    break;
                }
            }
            Map<String, float[]> weights = new LinkedHashMap<>();
            graph.parameters().keySet().forEach(name -> weights.put(name, graph.weights(name)));
            return weights;
        }

        private void stage(int[] sourceOrder, int from) {
            staged.clear();
            staged.add(source, sourceOrder, from, batchRows);
            for (int i = 0; i < batchRows; i++) {
                labels.put(i, source.label(sourceOrder[from + i]), 1);
            }
            if (term.isEmpty()) {
                return;
            }
            if (nextTarget + termRows > targetOrder.length) {
                targetRandom.shuffle(targetOrder);
                nextTarget = 0;
            }
            staged.add(target, targetOrder, nextTarget, termRows);
            nextTarget += termRows;
        }

        /** One step; left out if loss or gradient is not finite. */
        private double step(float rate, double progress) {
            return GradientScope.recording(graph, scope -> {
                NDManager manager = scope.manager();
                TorchGraph.Tensors tensors = graph.run(scope, staged.tensors(manager));
                NDArray logits = tensors.get(net.score());
                NDArray ofSource = term.isEmpty() ? logits : logits.get("0:" + batchRows);
                NDArray labelled = Objective.CROSS_ENTROPY.loss(ofSource, labels.tensor(manager, batchRows));
                Map<String, NDArray> weights =
                        own.map(graph -> graph.lend(manager)).orElse(Map.of());
                NDArray loss = term.map(alignment -> labelled.add(alignment.loss(
                                aligned(tensors.get(net.features()), logits),
                                weights,
                                strength * alignment.schedule(progress))))
                        .orElse(labelled);
                if (Float.isFinite(loss.getFloat())) {
                    scope.backward(loss);
                    adam.step(rate, Map.of());
                    own.ifPresent(graph -> graph.step(rate * TermGraph.OWN_RATE));
                }
                return (double) labelled.getFloat();
            });
        }

        /** The target rows, and as many of the source rows. */
        private DomainRows aligned(NDArray features, NDArray logits) {
            return DomainRows.of(features, logits, batchRows, termRows);
        }

        @Override
        public void close() {
            own.ifPresent(TermGraph::close);
            adam.close();
            graph.close();
        }
    }
}
