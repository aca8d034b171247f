package io.headwater.bench.adapt;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Seeded events of a home domain and of a target that is related to it, or in name only. */
final class RelatedDomains {
    /** What the target has to do with home. */
    enum Relation {
        /** One feature means the same, one means nothing there and lies elsewhere: alignment takes it out. */
        RELATED,
        /** All features mean the same, but the classes' shares are 1 to 9 at home and 9 to 1 in the target. */
        SHARES_SWAPPED,
        /** What tells the classes apart is noise at home, and what does at home is noise there and lies elsewhere. */
        UNRELATED
    }

    static final String HOME = "home";
    static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("a", "b", "c"), List.of()), false, false, 2);

    private final Relation relation;
    private final SeededRandom random;
    private long next;

    RelatedDomains(Relation relation, long seed) {
        this.relation = relation;
        this.random = new SeededRandom(seed);
    }

    List<LabeledExample> home(int count) {
        double positive = relation == Relation.SHARES_SWAPPED ? 0.1 : 0.5;
        return take(count, () -> {
            boolean label = random.nextDouble() < positive;
            double sign = label ? 1 : -1;
            return example(label, HOME, 0.7 * sign + gauss(), sign + gauss(), gauss());
        });
    }

    List<LabeledExample> target(int count) {
        return take(count, () -> {
            boolean label = random.nextDouble() < (relation == Relation.SHARES_SWAPPED ? 0.9 : 0.5);
            double sign = label ? 1 : -1;
            return switch (relation) {
                case RELATED -> example(label, "target", 0.7 * sign + gauss(), 2 + 3 * gauss(), gauss());
                case SHARES_SWAPPED -> example(label, "target", 0.7 * sign + gauss(), sign + gauss(), gauss());
                case UNRELATED -> example(label, "target", 1 + 2 * gauss(), 2 + 3 * gauss(), sign + gauss());
            };
        });
    }

    private static List<LabeledExample> take(int count, Supplier<LabeledExample> each) {
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(each.get());
        }
        return examples;
    }

    private double gauss() {
        return random.nextGaussian();
    }

    private LabeledExample example(boolean label, String domain, double... values) {
        float[] numeric = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            numeric[i] = (float) values[i];
        }
        Event event = new Event(
                domain + next++, 1_700_000_000_000L, numeric, new @Nullable String[0], new @Nullable String[0], domain);
        return new LabeledExample(event, new Label(label ? 1 : 0, event.timeMs()));
    }
}
