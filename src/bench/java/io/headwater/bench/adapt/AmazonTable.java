package io.headwater.bench.adapt;

import io.headwater.bench.adapt.AmazonPairs.Pair;
import io.headwater.offline.adapt.AdaptMethod;
import io.headwater.offline.adapt.AdaptRun;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What methods reached on pairs of domains over seeds. Printed are a method's accuracy on each pair, mean over the seeds;
 * the mean over the pairs with the standard deviation of that mean over the seeds; on how many pairs the method is ahead
 * of the same without its term, by how much in the mean, and Student's t of the pairs' differences; and the lowest
 * accuracy on held-out source rows, by which a net that collapsed shows.
 */
final class AmazonTable {
    private final List<Pair> pairs;
    private final int seeds;
    /** {@code [pair][seed]}. */
    private final Map<AdaptMethod, double[][]> accuracies = new EnumMap<>(AdaptMethod.class);

    private final Map<AdaptMethod, Double> leastAtHome = new EnumMap<>(AdaptMethod.class);

    AmazonTable(List<Pair> pairs, int seeds) {
        this.pairs = pairs;
        this.seeds = seeds;
    }

    boolean has(AdaptMethod method) {
        return accuracies.containsKey(method);
    }

    void add(AdaptMethod method, Pair pair, int seed, AdaptRun.Outcome outcome) {
        accuracies.computeIfAbsent(method, any -> new double[pairs.size()][seeds])[pairs.indexOf(pair)][seed - 1] =
                outcome.accuracy();
        leastAtHome.merge(method, outcome.sourceAccuracy(), Math::min);
    }

    void print() {
        StringBuilder head = new StringBuilder("| |");
        pairs.forEach(pair -> head.append(' ').append(pair).append(" |"));
        System.out.println(head + " mean ± seeds | ahead of λ = 0 | mean difference | t | least at home |");
        accuracies.forEach(this::print);
    }

    private void print(AdaptMethod method, double[][] ours) {
        StringBuilder line = new StringBuilder("| ").append(method.spelled()).append(" |");
        for (double[] pair : ours) {
            line.append(String.format(Locale.ROOT, " %.3f |", mean(pair)));
        }
        double[] bySeed = new double[seeds];
        for (int seed = 0; seed < seeds; seed++) {
            int at = seed;
            bySeed[seed] =
                    mean(Arrays.stream(ours).mapToDouble(pair -> pair[at]).toArray());
        }
        line.append(String.format(Locale.ROOT, " %.4f ± %.4f |", mean(bySeed), deviation(bySeed)));
        double[][] other = accuracies.get(reference(method));
        if (other == null || other == ours) {
            line.append(" | | |");
        } else {
            double[] gains = new double[pairs.size()];
            Arrays.setAll(gains, pair -> mean(ours[pair]) - mean(other[pair]));
            line.append(String.format(
                    Locale.ROOT,
                    " %d of %d | %+.4f | %.2f |",
                    Arrays.stream(gains).filter(gain -> gain > 0).count(),
                    gains.length,
                    mean(gains),
                    mean(gains) / (deviation(gains) / Math.sqrt(gains.length))));
        }
        System.out.println(
                line.append(String.format(Locale.ROOT, " %.3f |", leastAtHome.getOrDefault(method, Double.NaN))));
    }

    /** The autoencoder alone is compared with the rows as they are. */
    private static AdaptMethod reference(AdaptMethod method) {
        return method == AdaptMethod.MSDA ? AdaptMethod.NONE : method.unadapted();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / Math.max(1, values.length - 1));
    }
}
