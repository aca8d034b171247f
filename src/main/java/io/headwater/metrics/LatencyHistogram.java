package io.headwater.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of whole milliseconds, one series a model, that takes many observations at once.
 *
 * <p>Micrometer's timer takes one observation at a time, at a cost that shows when hundreds of thousands of records a
 * second share a latency; here a run of records with the same latency is one addition.
 */
final class LatencyHistogram implements Collector {
    private final String name;
    private final String help;
    private final double[] upperBounds;
    private final long[] upperBoundsMs;
    private final Map<String, Series> byModel = new ConcurrentSkipListMap<>();

    /** @param upperBounds seconds, ascending, each included in its bucket; a last bucket takes everything above */
    LatencyHistogram(String name, String help, double... upperBounds) {
        this.name = name;
        this.help = help;
        this.upperBounds = new double[upperBounds.length + 1];
        this.upperBoundsMs = new long[upperBounds.length];
        for (int i = 0; i < upperBounds.length; i++) {
            this.upperBounds[i] = upperBounds[i];
            this.upperBoundsMs[i] = Math.round(upperBounds[i] * 1_000);
        }
        this.upperBounds[upperBounds.length] = Double.POSITIVE_INFINITY;
    }

    Series of(String model) {
        return byModel.computeIfAbsent(model, ignored -> new Series(upperBoundsMs));
    }

    @Override
    public String getPrometheusName() {
        return name;
    }

    @Override
    public HistogramSnapshot collect() {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(name).help(help);
        byModel.forEach((model, series) -> snapshot.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(Labels.of("model", model))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(upperBounds, series.counts()))
                .sum(series.sumSeconds())
                .build()));
        return snapshot.build();
    }

    /** The histogram of one model; any thread may record. */
    static final class Series {
        private final long[] upperBoundsMs;
        private final AtomicLongArray counts;
        private final LongAdder sumMs = new LongAdder();

        private Series(long[] upperBoundsMs) {
            this.upperBoundsMs = upperBoundsMs;
            this.counts = new AtomicLongArray(upperBoundsMs.length + 1);
        }

        /** Takes {@code times} observations of the same latency; a clock that went back counts as no time. */
        void record(long latencyMs, long times) {
            long ms = Math.max(0, latencyMs);
            int bucket = 0;
            while (bucket < upperBoundsMs.length && ms > upperBoundsMs[bucket]) {
                bucket++;
            }
            counts.getAndAdd(bucket, times);
            sumMs.add(ms * times);
        }

        private long[] counts() {
            long[] copy = new long[counts.length()];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = counts.get(i);
            }
            return copy;
        }

        private double sumSeconds() {
            return sumMs.sum() / 1_000.0;
        }
    }
}
