package io.headwater.cli;

import io.headwater.offline.evaluate.EvaluationWatcher;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Tells how far an evaluation is, by a {@link ProgressBar}. Not thread-safe. */
final class EvaluationProgress implements EvaluationWatcher {
    private static final double NANOS = 1e9;

    private final ProgressBar bar;
    private final LongSupplier clockNs;
    private final BooleanSupplier stopping;
    private long startNs;

    /** @param stopping whether the user wants it to end */
    EvaluationProgress(ProgressBar bar, LongSupplier clockNs, BooleanSupplier stopping) {
        this.bar = bar;
        this.clockNs = clockNs;
        this.stopping = stopping;
    }

    @Override
    public boolean isStopping() {
        return stopping.getAsBoolean();
    }

    @Override
    public void reading(long rows, double share) {
        bar.reading(rows, share);
    }

    @Override
    public void rows(int done, int of) {
        if (done == 0) {
            startNs = clockNs.getAsLong();
        }
        bar.show("rows", done / (double) of, () -> {
            double seconds = Math.max(1, clockNs.getAsLong() - startNs) / NANOS;
            return String.format(Locale.ROOT, "%,d of %,d rows, %,.0f rows/s", done, of, done / seconds);
        });
    }
}
