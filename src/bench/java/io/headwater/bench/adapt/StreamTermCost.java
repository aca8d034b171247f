package io.headwater.bench.adapt;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.torch.TorchDevice;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What alignment costs the gradient learner on a stream: processor time of learning a mini-batch, by its size, and of the
 * arrival of as many rows of traffic, half of them a target's. Arguments: mini-batches (150).
 */
final class StreamTermCost {
    private static final int[] BATCHES = {32, 256, 1_024};
    private static final int WARM_UP = 20;
    /** The best of so many: other work on the machine only adds. */
    private static final int ROUNDS = 3;

    private static final int NUMBERS = 20;
    private static final int CATEGORIES = 5;

    private final SeededRandom random = new SeededRandom(1);
    private final FeatureSchema schema =
            new FeatureSchema(new EventLayout(names("n", NUMBERS), names("c", CATEGORIES)), true, true, 1_024);
    private final FeatureEncoder encoder = new FeatureEncoder(schema);
    private final SourceModel source;

    private StreamTermCost() {
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Event event = event(i);
            examples.add(new LabeledExample(event, new Label(random.nextInt(2), event.timeMs())));
        }
        source = new SourceTrainer(schema, SourceSettings.DEFAULT, TorchDevice.CPU).train(examples, epoch -> {});
    }

    private static List<String> names(String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + i);
        }
        return names;
    }

    private Event event(long id) {
        float[] numbers = new float[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        String[] categories = new String[CATEGORIES];
        Arrays.setAll(categories, i -> "v" + random.nextInt(20));
        return new Event("e" + id, 1_700_000_000_000L + 1_000 * id, numbers, categories);
    }

    private FeatureBatch rows(int count, String... domains) {
        FeatureBatch batch = new FeatureBatch(schema.rows(), count);
        for (int row = 0; row < count; row++) {
            encoder.encode(event(row), batch);
            batch.setDomain(row, domains[row % domains.length]);
        }
        return batch;
    }

    public static void main(String[] args) {
        new StreamTermCost().run(args.length > 0 ? Integer.parseInt(args[0]) : 150);
    }

    private void run(int batches) {
        System.out.println("| method | batch | ms a mini-batch | labelled rows/s | times none | arrival, us a row |");
        for (int rows : BATCHES) {
            double plain = 0;
            for (Alignment method : Alignment.values()) {
                double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
                for (int round = 0; round < ROUNDS; round++) {
                    double[] found = millis(method, rows, batches);
                    best[0] = Math.min(best[0], found[0]);
                    best[1] = Math.min(best[1], found[1]);
                }
                plain = method == Alignment.NONE ? best[0] : plain;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %,d | %.3f | %,.0f | %.2f | %.2f |%n",
                        method.spelled(),
                        rows,
                        best[0],
                        rows / best[0] * 1e3,
                        best[0] / plain,
                        best[1] / rows * 1e3);
            }
        }
    }

    /** Of learning a mini-batch, and of the arrival of as many rows. */
    private double[] millis(Alignment method, int rows, int batches) {
        StreamAdaptation adaptation =
                StreamAdaptation.by(method).withSources(Set.of("home")).withLambda(0.1);
        float[] labels = new float[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = random.nextInt(2);
        }
        FeatureBatch labelled = rows(rows, "home");
        FeatureBatch traffic = rows(rows, "home", "away");
        float[] scores = new float[rows];
        try (Learner learner =
                new GradientLearner(source, GradientSettings.DEFAULT.withAdaptation(adaptation), TorchDevice.CPU)) {
            Memos memos = new Memos(rows, learner.memoLength());
            long learned = 0;
            long arrived = 0;
            for (int i = 0; i < WARM_UP + batches; i++) {
                long begun = now();
                learner.arrive(traffic, scores, memos);
                long between = now();
                learner.learn(labelled, labels, memos);
                arrived += i < WARM_UP ? 0 : between - begun;
                learned += i < WARM_UP ? 0 : now() - between;
            }
            return new double[] {learned / 1e6 / batches, arrived / 1e6 / batches};
        }
    }

    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
