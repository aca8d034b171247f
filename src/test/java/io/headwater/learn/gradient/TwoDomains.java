package io.headwater.learn.gradient;

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
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Seeded events of a home region and of others. Everywhere the first number says something of the class; the second says
 * more at home and nothing abroad, where it lies elsewhere and is spread wider. {@code alike} is abroad in name only.
 */
final class TwoDomains {
    static final String HOME = "home";
    static final String ABROAD = "abroad";
    static final String ALIKE = "alike";

    static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("steady", "local"), List.of()), false, false, 2);

    private static final int ROWS = 32;

    private final SeededRandom random;
    private long next;

    TwoDomains(long seed) {
        this.random = new SeededRandom(seed);
    }

    static SourceModel source(long seed) {
        return new SourceTrainer(SCHEMA, SourceSettings.DEFAULT, TorchDevice.CPU)
                .train(new TwoDomains(seed).take(600, HOME), epoch -> {});
    }

    private LabeledExample next(String domain) {
        float label = random.nextInt(2);
        double sign = 2 * label - 1;
        double steady = 0.7 * sign + random.nextGaussian();
        double local = domain.equals(ABROAD) ? 2 + 3 * random.nextGaussian() : sign + random.nextGaussian();
        float[] numeric = {(float) steady, (float) local};
        Event event = new Event(
                "e" + next++, 1_700_000_000_000L, numeric, new @Nullable String[0], new @Nullable String[0], domain);
        return new LabeledExample(event, new Label(label, event.timeMs()));
    }

    private List<LabeledExample> take(int count, String domain) {
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(next(domain));
        }
        return examples;
    }

    /** Rows of the domains in turn; their labels are written into {@code labels}. */
    FeatureBatch batch(float[] labels, String... domains) {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), labels.length);
        FeatureEncoder encoder = new FeatureEncoder(SCHEMA);
        for (int row = 0; row < labels.length; row++) {
            LabeledExample example = next(domains[row % domains.length]);
            encoder.encode(example.event(), batch);
            batch.setDomain(row, example.event().domain());
            labels[row] = example.label().value();
        }
        return batch;
    }

    /** Traffic of home and of {@code targets}, and labels from home alone. */
    void feed(Learner learner, int batches, String... targets) {
        String[] everywhere = Arrays.copyOf(targets, targets.length + 1);
        everywhere[targets.length] = HOME;
        for (int i = 0; i < batches; i++) {
            FeatureBatch traffic = batch(new float[2 * ROWS], everywhere);
            learner.arrive(traffic, new float[2 * ROWS], new Memos(2 * ROWS, learner.memoLength()));
            float[] labels = new float[ROWS];
            learner.learn(batch(labels, HOME), labels);
        }
    }

    /** The area under the learner's ROC curve on fresh rows of a domain. */
    static double rocAuc(Learner learner, String domain) {
        float[] labels = new float[2_000];
        FeatureBatch rows = new TwoDomains(1_000).batch(labels, domain);
        float[] scores = new float[labels.length];
        learner.logits(rows, scores);
        int[] order = IntStream.range(0, labels.length)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[a], scores[b]))
                .mapToInt(i -> i)
                .toArray();
        double ranks = 0;
        double positives = 0;
        for (int i = 0; i < order.length; i++) {
            ranks += labels[order[i]] == 1 ? i + 1 : 0;
            positives += labels[order[i]];
        }
        return (ranks - positives * (positives + 1) / 2) / (positives * (labels.length - positives));
    }
}
