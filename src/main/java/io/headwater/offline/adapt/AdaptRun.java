package io.headwater.offline.adapt;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.learn.adapt.training.NetOutputs;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.TorchDevice;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** One training with or without a term, from a fresh net to what it is worth on the target's test rows. */
public final class AdaptRun {
    /** Share of the source rows that are not learned and say how good the model is at home. */
    public static final double HELD_OUT = 0.1;

    /**
     * What a run gave.
     *
     * @param accuracy on the test rows of the target domain
     * @param sourceAccuracy on the source rows that were held out
     * @param distance proxy A-distance of source and target rows in the aligned layer
     * @param net after the last step
     */
    public record Outcome(double accuracy, double sourceAccuracy, double distance, AdaptNet net) {}

    /**
     * The net and its training.
     *
     * @param hidden width of the layer that is aligned
     */
    public record Settings(int hidden, DomainTrainer.Settings training) {
        public static final Settings USUAL = new Settings(64, DomainTrainer.Settings.USUAL);
    }

    private final Representation rows;
    private final Settings settings;
    private final TorchDevice device;
    private final long seed;

    /** @param seed of the net, its batches, and which source rows are held out */
    public AdaptRun(Representation rows, Settings settings, TorchDevice device, long seed) {
        this.rows = rows;
        this.settings = settings;
        this.device = device;
        this.seed = seed;
    }

    /**
     * @param term empty for λ = 0
     * @param strength λ
     */
    public Outcome run(Optional<DomainTerm> term, double strength, DomainTrainer.Watcher watcher) {
        int[] order = IntStream.range(0, rows.source().size()).toArray();
        new SeededRandom(seed).shuffle(order);
        int heldOut = Math.max(1, (int) (HELD_OUT * order.length));
        int[] held = Arrays.copyOf(order, heldOut);
        int[] training = Arrays.copyOfRange(order, heldOut, order.length);
        int classes = rows.domains().classes().size();
        AdaptNet fresh = AdaptNet.mlp(
                rows.columns(), settings.hidden(), classes, rows.squaredNorm(), new SeededRandom(seed + 1));
        AdaptNet net = new DomainTrainer(fresh, term, strength, settings.training(), device, seed + 2)
                .train(rows.source(), training, rows.target(), classes, watcher);
        try (NetOutputs outputs = new NetOutputs(net, rows.source().layout(), device)) {
            return new Outcome(
                    accuracy(outputs, rows.test(), all(rows.test())),
                    accuracy(outputs, rows.source(), held),
                    distance(outputs),
                    net);
        }
    }

    private static int[] all(TrainingRows rows) {
        return IntStream.range(0, rows.size()).toArray();
    }

    private static double accuracy(NetOutputs outputs, TrainingRows rows, int[] which) {
        int[] found = outputs.classes(rows, which);
        int right = 0;
        for (int i = 0; i < which.length; i++) {
            right += found[i] == rows.label(which[i]) ? 1 : 0;
        }
        return right / (double) which.length;
    }

    private double distance(NetOutputs outputs) {
        return ProxyDistance.between(features(outputs, rows.source()), features(outputs, rows.target()), seed);
    }

    private static ProxyDistance.Rows features(NetOutputs outputs, TrainingRows rows) {
        return ProxyDistance.dense(outputs.features(rows, all(rows)), rows.size());
    }
}
