package io.headwater.learn;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Seeded events whose class depends on two numbers, a category and a base rate; a tenth of the values is missing. The
 * numbers and the base rate can be shifted, as a drifting stream's are.
 */
public final class SyntheticStream {
    public static final FeatureSchema SCHEMA = new FeatureSchema(
            new EventLayout(List.of("amount", "distance", "noise"), List.of("shop", "country")), true, true, 64);

    /** Not a divisor of the usual sizes, so that what small batches put aside is never zero by chance. */
    private static final int FED_ROWS = 13;

    private static final String[] SHOPS = {"a", "b", "c", "d", "e", "f"};
    private static final String[] COUNTRIES = {"x", "y", "z"};

    private final Random random;
    private final double shift;
    private final double baseRate;
    private long next;

    /**
     * @param shift added to the numeric values, in their standard deviations
     * @param baseRate added to the logit of class 1
     */
    public SyntheticStream(long seed, double shift, double baseRate) {
        this.random = new Random(seed);
        this.shift = shift;
        this.baseRate = baseRate;
    }

    public LabeledExample next() {
        double amount = random.nextGaussian() + shift;
        double distance = random.nextGaussian() + shift;
        int shop = random.nextInt(SHOPS.length);
        double logit = 1.5 * (amount - shift) - (distance - shift) + (shop < 3 ? 1 : -1) + baseRate;
        float label = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
        long time = 1_700_000_000_000L + 60_000 * next;
        float[] numeric = {missing(100 + 20 * amount), missing(5 * distance), missing(random.nextGaussian())};
        @Nullable
        String[] categorical = {
            random.nextInt(10) == 0 ? null : SHOPS[shop], COUNTRIES[random.nextInt(COUNTRIES.length)]
        };
        return new LabeledExample(new Event("e" + next++, time, numeric, categorical), new Label(label, time));
    }

    private float missing(double value) {
        return random.nextInt(10) == 0 ? Float.NaN : (float) value;
    }

    public List<LabeledExample> take(int count) {
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(next());
        }
        return examples;
    }

    /** The next {@code rows} examples as a batch; their labels are written into {@code labels}. */
    public FeatureBatch batch(int rows, float[] labels) {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), Math.max(1, rows));
        FeatureEncoder encoder = new FeatureEncoder(SCHEMA);
        for (int row = 0; row < rows; row++) {
            LabeledExample example = next();
            encoder.encode(example.event(), batch);
            batch.setKey(row, RowKey.of(example.event().owner()));
            labels[row] = example.label().value();
        }
        return batch;
    }

    /** Has {@code learner} see unlabelled rows come, whose labels never do. */
    public static void arrive(Learner learner, FeatureBatch batch) {
        learner.arrive(batch, new float[batch.rows()], new Memos(batch.rows(), learner.memoLength()));
    }

    /** Feeds {@code batches} batches of labelled rows, and traffic before each, to {@code learner}. */
    public void feed(Learner learner, int batches) {
        float[] labels = new float[FED_ROWS];
        for (int i = 0; i < batches; i++) {
            arrive(learner, batch(FED_ROWS, labels));
            learner.learn(batch(FED_ROWS, labels), labels);
        }
    }
}
