package io.headwater.offline.adapt;

import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.learn.adapt.training.NetOutputs;
import io.headwater.learn.adapt.training.SourcePasses;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model, from nothing to what it is worth on the target's test rows: a net with or without a term, or the exact
 * learner. It is trained twice: without a tenth of the source rows, on which it is then examined, and on all of them,
 * which gives the model.
 */
public final class AdaptRun {
    /** Share of the source rows that the first training leaves out and that say how good such a model is at home. */
    public static final double HELD_OUT = 0.1;

    /**
     * What a run gave.
     *
     * @param accuracy on the test rows of the target domain
     * @param sourceAccuracy on source rows that were held out, of the net that did not learn them
     * @param distance proxy A-distance of source and target rows in the aligned layer
     * @param atHome what the other net said of the source rows that it did not learn
     * @param net that learned all source rows
     */
    public record Outcome(double accuracy, double sourceAccuracy, double distance, HeldOut atHome, AdaptNet net) {}

    /**
     * What a net said of rows that it did not learn.
     *
     * @param logits {@code [rows]}, or row-major {@code [rows, classes]}
     * @param labels {@code [rows]} their classes
     */
    record HeldOut(float[] logits, int[] labels) {}

    /** Makes a net of source rows. */
    private interface Training {
        AdaptNet on(int[] which, DomainTrainer.Watcher watcher);
    }

    /**
     * The net and its training.
     *
     * @param hidden width of the layer that is aligned
     */
    public record Settings(int hidden, DomainTrainer.Settings training) {
        public static final Settings USUAL = new Settings(64, DomainTrainer.Settings.USUAL);

        public Settings {
            Allowed.within("--hidden", hidden, 1, 4_096);
        }
    }

    private final Representation rows;
    private final Settings settings;
    private final TorchDevice device;
    private final long seed;
    private final List<Double> weights;

    /** @param seed of the net, its batches, and which source rows are held out at first */
    public AdaptRun(Representation rows, Settings settings, TorchDevice device, long seed) {
        this(rows, settings, device, seed, List.of());
    }

    /** @param weights share that each source domain has of the training; empty where their rows count alike */
    public AdaptRun(Representation rows, Settings settings, TorchDevice device, long seed, List<Double> weights) {
        this.weights = List.copyOf(weights);
        this.rows = rows;
        this.settings = settings;
        this.device = device;
        this.seed = seed;
    }

    /**
     * A net.
     *
     * @param term empty for λ = 0
     * @param strength λ
     */
    public Outcome run(Optional<DomainTerm> term, double strength, DomainTrainer.Watcher watcher) {
        return run((which, told) -> train(term, strength, which, told), watcher);
    }

    /** The exact learner; it takes no steps that could be told. */
    Outcome runExact() {
        return run((which, told) -> ExactTraining.linear(rows, domains(which), weights), DomainTrainer.Watcher.NONE);
    }

    private Outcome run(Training training, DomainTrainer.Watcher watcher) {
        int[] order = all(rows.source());
        new SeededRandom(seed).shuffle(order);
        int heldOut = Math.max(1, (int) (HELD_OUT * order.length));
        int[] held = Arrays.copyOf(order, heldOut);
        int[] others = Arrays.copyOfRange(order, heldOut, order.length);
        AdaptNet without = training.on(others, (done, of, loss) -> watcher.step(done, 2 * of, loss));
        AdaptNet net = training.on(order, (done, of, loss) -> watcher.step(of + done, 2 * of, loss));
        TrainingRows source = rows.source();
        try (NetOutputs atHome = new NetOutputs(without, source.layout(), device);
                NetOutputs outputs = new NetOutputs(net, source.layout(), device)) {
            int[] labels = IntStream.of(held).map(source::label).toArray();
            return new Outcome(
                    accuracy(outputs, rows.test(), all(rows.test())),
                    accuracy(atHome, source, held),
                    distance(outputs),
                    new HeldOut(atHome.logits(source, held), labels),
                    net);
        }
    }

    /** The net that learned these source rows. */
    private AdaptNet train(Optional<DomainTerm> term, double strength, int[] which, DomainTrainer.Watcher watcher) {
        int classes = rows.domains().classes().size();
        AdaptNet fresh = AdaptNet.mlp(
                rows.columns(), settings.hidden(), classes, rows.squaredNorm(), new SeededRandom(seed + 1));
        return new DomainTrainer(fresh, term, strength, settings.training(), device, seed + 2)
                .train(rows.source(), passes(which), rows.target(), classes, watcher);
    }

    private SourcePasses passes(int[] training) {
        if (weights.isEmpty()) {
            return SourcePasses.of(training);
        }
        return SourcePasses.weighted(domains(training), weights);
    }

    /** Of these source rows, those of each source domain. */
    private List<int[]> domains(int[] training) {
        List<int[]> domains = new ArrayList<>();
        for (int[] domain : rows.domains().sourceRows()) {
            domains.add(IntStream.of(training)
                    .filter(row -> row >= domain[0] && row <= domain[domain.length - 1])
                    .toArray());
        }
        return domains;
    }

    static int[] all(TrainingRows rows) {
        return IntStream.range(0, rows.size()).toArray();
    }

    static double accuracy(NetOutputs outputs, TrainingRows rows, int[] which) {
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
