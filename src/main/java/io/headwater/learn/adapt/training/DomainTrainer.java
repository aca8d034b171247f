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
     * @param learningRate of AdamW at first; it falls to 0 along a cosine
     * @param weightDecay AdamW's decoupled weight decay
     * @param batchRows source rows of a step, and as many target rows
     * @param epochs passes over the source rows
     */
    public record Settings(double learningRate, double weightDecay, int batchRows, int epochs) {
        public static final Settings USUAL = new Settings(3e-3, 1e-2, 64, 10);

        public Settings {
            Allowed.above("learning rate", learningRate, 0, 1);
            Allowed.within("weight decay", weightDecay, 0, 10);
            Allowed.within("batch rows", batchRows, 2, 100_000);
            Allowed.within("epochs", epochs, 1, 1_000_000);
        }

        AdamW.Settings optimizer() {
            return new AdamW.Settings(0.9f, 0.999f, (float) weightDecay, CLIP_NORM);
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

    private static final float CLIP_NORM = 5;

    /**
     * A term's own weights learn so much faster, as fresh layers do in the code of Long et al. (NeurIPS 2018): a domain
     * classifier that lags behind is fooled by features that run ahead of it, and the domains part instead of meeting.
     */
    private static final float OWN_RATE = 10;

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
        if (training.length < 2 || target.size() < 2) {
            throw new IllegalArgumentException("there are " + training.length + " source rows to learn and "
                    + target.size() + " target rows; at least two of each are needed");
        }
        try (Run run = new Run(source, training.clone(), target, classes)) {
            return net.with(run.train(watcher));
        }
    }

    /** One training. */
    private final class Run implements AutoCloseable {
        private final TrainingRows source;
        private final int[] sourceOrder;
        private final TrainingRows target;
        private final int[] targetOrder;
        private final int batchRows;
        private final SeededRandom sourceRandom = new SeededRandom(seed);
        private final SeededRandom targetRandom = new SeededRandom(seed + 1);
        private final TorchGraph graph;
        private final AdamW adam;
        private final StagedRows staged;
        private final TargetRows labels;
        private final Optional<TermGraph> own;
        private int nextTarget;

        Run(TrainingRows source, int[] training, TrainingRows target, int classes) {
            this.source = source;
            this.sourceOrder = training;
            this.target = target;
            this.targetOrder = IntStream.range(0, target.size()).toArray();
            this.batchRows = Math.min(settings.batchRows(), Math.min(training.length, target.size()));
            this.staged = new StagedRows(source.layout(), 2 * batchRows);
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
            staged.add(source, sourceOrder, 0, 1);
            return GradientScope.plain(
                    graph,
                    scope -> Math.toIntExact(graph.run(scope, staged.tensors(scope.manager()))
                            .get(net.features())
                            .getShape()
                            .get(1)));
        }

        Map<String, float[]> train(Watcher watcher) {
            int stepsInEpoch = sourceOrder.length / batchRows;
            long steps = (long) settings.epochs() * stepsInEpoch;
            RateSchedule rates = new RateSchedule(0, new Decay.Cosine(steps, 0));
            for (long step = 0; step < steps; step++) {
                int inEpoch = (int) (step % stepsInEpoch);
                if (inEpoch == 0) {
                    sourceRandom.shuffle(sourceOrder);
                }
                stage(inEpoch * batchRows);
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

        private void stage(int from) {
            staged.clear();
            staged.add(source, sourceOrder, from, batchRows);
            for (int i = 0; i < batchRows; i++) {
                labels.put(i, source.label(sourceOrder[from + i]), 1);
            }
            if (term.isEmpty()) {
                return;
            }
            if (nextTarget + batchRows > targetOrder.length) {
                targetRandom.shuffle(targetOrder);
                nextTarget = 0;
            }
            staged.add(target, targetOrder, nextTarget, batchRows);
            nextTarget += batchRows;
        }

        /** One step; left out if loss or gradient is not finite. */
        private double step(float rate, double progress) {
            return GradientScope.recording(graph, scope -> {
                NDManager manager = scope.manager();
                TorchGraph.Tensors tensors = graph.run(scope, staged.tensors(manager));
                DomainRows rows = DomainRows.of(tensors.get(net.features()), tensors.get(net.score()), batchRows);
                NDArray labelled = Objective.CROSS_ENTROPY.loss(rows.sourceLogits(), labels.tensor(manager, batchRows));
                Map<String, NDArray> weights =
                        own.map(graph -> graph.lend(manager)).orElse(Map.of());
                NDArray loss = term.map(alignment ->
                                labelled.add(alignment.loss(rows, weights, strength * alignment.schedule(progress))))
                        .orElse(labelled);
                if (Float.isFinite(loss.getFloat())) {
                    scope.backward(loss);
                    adam.step(rate, Map.of());
                    own.ifPresent(graph -> graph.step(rate * OWN_RATE));
                }
                return (double) labelled.getFloat();
            });
        }

        @Override
        public void close() {
            own.ifPresent(TermGraph::close);
            adam.close();
            graph.close();
        }
    }
}
