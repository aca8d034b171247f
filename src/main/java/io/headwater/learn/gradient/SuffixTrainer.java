package io.headwater.learn.gradient;

import io.headwater.graph.Backbone;
import io.headwater.graph.Cut;
import io.headwater.graph.GraphSplitter;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.learn.schedule.TrainingCourse;
import io.headwater.learn.schedule.Unfreezing;
import io.headwater.torch.TorchDevice;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Trains the part of a backbone right of its cut, with the head on it, on rows of its frontier. The same rows, recipe,
 * seed and device give the same bits.
 */
public final class SuffixTrainer {
    /**
     * What a training gave.
     *
     * @param weights the best ones, by the names that the suffix gives them
     * @param validation of those weights
     * @param epochs passes that were begun
     * @param stopped whether the watcher ended it
     */
    public record Trained(Map<String, float[]> weights, Validation validation, int epochs, boolean stopped) {}

    private final Backbone backbone;
    private final Recipe recipe;
    private final TorchDevice device;
    private final long seed;

    public SuffixTrainer(Backbone backbone, Recipe recipe, TorchDevice device, long seed) {
        this.backbone = backbone;
        this.recipe = recipe;
        this.device = device;
        this.seed = seed;
    }

    /**
     * @param classes 2 where the head has one output
     * @param training numbers of the rows to learn
     * @param heldOut numbers of the rows that say how good the weights are; never learned
     * @throws IllegalArgumentException if there is nothing to train on or to validate with, or the recipe does not fit
     *     the rows
     * @throws io.headwater.graph.GraphException if the suffix has an operator that cannot be trained
     */
    public Trained train(TrainingRows rows, int classes, int[] training, int[] heldOut, TrainingWatcher watcher) {
        if (training.length == 0 || heldOut.length == 0) {
            throw new IllegalArgumentException("there are " + training.length + " rows to train on and "
                    + heldOut.length + " to validate with; at least one of each is needed");
        }
        try (SuffixRun run = new SuffixRun(backbone, recipe, device, rows, classes, new SeededRandom(seed))) {
            if (recipe.unfreezing() instanceof Unfreezing.HeadFirst && run.layersBelowHead() > 0) {
                Trained head = head(run, rows, classes, training, heldOut, watcher);
                if (head.stopped()) {
                    return new Trained(run.with(head.weights()), head.validation(), 0, true);
                }
                run.become(head.weights());
            }
            return new Course(run, rows, training.clone(), heldOut, watcher).run();
        }
    }

    /** The head by itself, on the features that the layers under it make before any of them has changed. */
    private Trained head(
            SuffixRun run, TrainingRows rows, int classes, int[] training, int[] heldOut, TrainingWatcher watcher) {
        int[] used =
                IntStream.concat(IntStream.of(training), IntStream.of(heldOut)).toArray();
        int[] labels = IntStream.of(used).map(rows::label).toArray();
        Backbone head = new Backbone(
                GraphSplitter.split(backbone.split().suffix(), Cut.at(backbone.features())),
                backbone.hidden(),
                backbone.features(),
                backbone.score(),
                backbone.headWeights(),
                backbone.trained().subList(0, 1));
        Recipe alone = Recipe.NEW_HEAD.withObjective(recipe.objective()).withLearningRate(recipe.learningRate());
        return new SuffixTrainer(head, alone, device, seed)
                .train(
                        TrainingRows.of(run.features(used, backbone.features(), watcher), labels),
                        classes,
                        IntStream.range(0, training.length).toArray(),
                        IntStream.range(training.length, used.length).toArray(),
                        new TrainingWatcher() {
                            @Override
                            public boolean isStopping() {
                                return watcher.isStopping();
                            }
                        });
    }

    /** One training from its first evaluation to its last. */
    private final class Course {
        private final SuffixRun run;
        private final int[] order;
        private final int[] heldOut;
        private final TrainingWatcher watcher;
        private final SeededRandom random = new SeededRandom(seed + 1);
        private final RateSchedule rates;
        private final TrainingCourse course;
        private final int[] heldOutLabels;
        private TrainingCourse.State state = TrainingCourse.State.START;
        private boolean stopped;

        Course(SuffixRun run, TrainingRows rows, int[] order, int[] heldOut, TrainingWatcher watcher) {
            this.run = run;
            this.order = order;
            this.heldOut = heldOut;
            this.watcher = watcher;
            this.rates = recipe.rates(order.length);
            this.course = recipe.course(run.layersBelowHead());
            this.heldOutLabels = Arrays.stream(heldOut).map(rows::label).toArray();
        }

        Trained run() {
            Validation best = validate(0);
            Map<String, float[]> weights = run.weights();
            state = course.evaluated(state, best.logLoss());
            watcher.epoch(new TrainingWatcher.Epoch(0, Double.NaN, best, true, course.open(state), 0));
            int epoch = 0;
            while (epoch < recipe.maxEpochs() && !stopped && !course.isOver(state)) {
                epoch++;
                random.shuffle(order);
                int open = course.open(state);
                long before = System.nanoTime();
                double loss = pass(epoch);
                double seconds = (System.nanoTime() - before) / 1e9;
                state = course.epochEnded(state);
                Validation now = validate(epoch);
                state = course.evaluated(state, now.logLoss());
                if (state.better()) {
                    best = now;
                    weights = run.weights();
                }
                watcher.epoch(
                        new TrainingWatcher.Epoch(epoch, loss, now, state.better(), open, order.length / seconds));
            }
            return new Trained(weights, best, epoch, stopped);
        }

        private double pass(int epoch) {
            double sum = 0;
            int done = 0;
            while (done < order.length && !stopped) {
                int count = Math.min(recipe.batchRows(), order.length - done);
                sum += count * run.step(order, done, count, recipe.rate(rates, state.steps()), course.open(state));
                state = course.stepped(state);
                done += count;
                watcher.rows(epoch, done, order.length);
                stopped = watcher.isStopping();
            }
            return sum / done;
        }

        private Validation validate(int epoch) {
            float[] logits = run.logits(heldOut);
            if (run.classes() > 2 || logits.length != heldOut.length) {
                return Validation.of(logits, run.classes(), heldOutLabels, epoch);
            }
            float[] labels = new float[heldOut.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = heldOutLabels[i];
            }
            return Validation.of(logits, labels, epoch);
        }
    }
}
