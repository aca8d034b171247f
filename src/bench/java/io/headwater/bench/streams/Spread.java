package io.headwater.bench.streams;

import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A figure over several seeds: the mean of the seeds' means, and their standard deviation. */
final class Spread {
    private final Map<Long, DoubleSummaryStatistics> seeds = new LinkedHashMap<>();

    void add(long seed, double value) {
        seeds.computeIfAbsent(seed, key -> new DoubleSummaryStatistics()).accept(value);
    }

    double mean() {
        return seeds.values().stream()
                .mapToDouble(DoubleSummaryStatistics::getAverage)
                .average()
                .orElse(Double.NaN);
    }

    /** Of a sample; NaN if there are fewer than two seeds. */
    double deviation() {
        double mean = mean();
        double squares = seeds.values().stream()
                .mapToDouble(seed -> (seed.getAverage() - mean) * (seed.getAverage() - mean))
                .sum();
        return seeds.size() < 2 ? Double.NaN : Math.sqrt(squares / (seeds.size() - 1));
    }

    /** {@code mean ± deviation}, the mean alone if there is one seed, nothing where it is not a number. */
    String text(String format) {
        double mean = mean();
        double deviation = deviation();
        if (Double.isNaN(mean)) {
            return "";
        }
        String text = String.format(Locale.ROOT, format, mean);
        return Double.isNaN(deviation) ? text : text + " ± " + String.format(Locale.ROOT, format, deviation);
    }
}
