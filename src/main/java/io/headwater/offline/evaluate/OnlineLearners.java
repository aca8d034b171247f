package io.headwater.offline.evaluate;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.Task;
import io.headwater.learn.anomaly.AnomalyLearner;
import io.headwater.learn.exact.RidgeLearner;
import io.headwater.learn.exact.RidgeSettings;
import io.headwater.learn.online.MixtureLearner;
import io.headwater.learn.online.MixtureSettings;
import io.headwater.spelling.NearNames;
import java.util.List;

/** The learners of streams by their names: the one table that says which there are. */
public final class OnlineLearners {
    /** Has nothing to choose, and is ahead of the others on most streams: docs/benchmarks.md. */
    public static final String DEFAULT = "mixture";

    private static final List<Offer> OFFERS = List.of(
            new Offer(DEFAULT, (task, shape) -> mixture(task, shape, MixtureSettings.of(shape.seed()))),
            part("linear", true, false, false),
            part("ferns", false, true, false),
            part("net", false, false, true),
            new Offer("ridge", OnlineLearners::ridge),
            new Offer("anomaly", OnlineLearners::anomaly));

    /**
     * What a learner is made for.
     *
     * @param numeric columns of numbers
     * @param categorical columns of hash buckets
     * @param buckets that all categories share
     * @param seed of all that it draws by chance
     */
    public record Shape(int numeric, int categorical, int buckets, long seed) {}

    /** Makes a learner. */
    private interface Maker {
        OnlineLearner make(Task task, Shape shape);
    }

    /** A learner that can be had. */
    private record Offer(String name, Maker maker) {}

    private OnlineLearners() {}

    /** A part of the mixture alone. */
    private static Offer part(String name, boolean linear, boolean ferns, boolean net) {
        return new Offer(
                name,
                (task, shape) -> mixture(task, shape, new MixtureSettings(linear, ferns, net, true, shape.seed())));
    }

    private static OnlineLearner mixture(Task task, Shape shape, MixtureSettings settings) {
        return new MixtureLearner(task, shape.numeric(), shape.categorical(), shape.buckets(), settings);
    }

    private static OnlineLearner ridge(Task task, Shape shape) {
        return new RidgeLearner(task, numbers("ridge", shape), RidgeSettings.byDefault());
    }

    private static OnlineLearner anomaly(Task task, Shape shape) {
        if (task != Task.BINARY) {
            throw new IllegalArgumentException(
                    "learner 'anomaly' tells strange rows from others: two classes are allowed");
        }
        return new AnomalyLearner(numbers("anomaly", shape), shape.seed());
    }

    private static int numbers(String learner, Shape shape) {
        if (shape.categorical() > 0) {
            throw new IllegalArgumentException("learner '" + learner + "' reads numbers, and " + shape.categorical()
                    + " columns hold categories; leave them out, or take another of " + names());
        }
        return shape.numeric();
    }

    public static List<String> names() {
        return OFFERS.stream().map(Offer::name).toList();
    }

    /** @throws IllegalArgumentException if there is none of this name, or it cannot do the task */
    public static OnlineLearner make(String name, Task task, Shape shape) {
        return offer(name).maker().make(task, shape);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static void check(String name) {
        offer(name);
    }

    private static Offer offer(String name) {
        return OFFERS.stream()
                .filter(offer -> offer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no learner '" + name + "'; there are "
                        + String.join(", ", NearNames.of(name, names(), OFFERS.size()))));
    }
}
