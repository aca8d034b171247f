package io.headwater.cli;

import io.headwater.offline.FitWatcher;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Tells how far a fit is: a {@link ProgressBar}, and a line after each pass. Not thread-safe. */
final class FitProgress implements FitWatcher {
    private final ProgressBar bar;
    private final BooleanSupplier stopping;

    /** @param stopping whether the user wants the fit to end */
    FitProgress(ProgressBar bar, BooleanSupplier stopping) {
        this.bar = bar;
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
    public void features(int done, int of) {
        bar.show("features", done / (double) of, () -> String.format(Locale.ROOT, "%,d of %,d rows", done, of));
    }

    @Override
    public void rows(int epoch, int done, int of) {
        bar.show("epoch " + epoch, done / (double) of, () -> String.format(Locale.ROOT, "%,d of %,d rows", done, of));
    }

    @Override
    public void epoch(Epoch epoch) {
        String figures = String.format(
                Locale.ROOT,
                "validation loss %.4f, accuracy %.2f %%, ROC AUC %.4f",
                epoch.validation().logLoss(),
                100 * epoch.validation().accuracy(),
                epoch.validation().rocAuc());
        if (epoch.number() == 0) {
            bar.line("before training: " + figures);
        } else {
            bar.line(String.format(
                    Locale.ROOT,
                    "epoch %3d: training loss %.4f, %s, %,.0f rows/s%s",
                    epoch.number(),
                    epoch.trainingLoss(),
                    figures,
                    epoch.rowsPerSecond(),
                    epoch.best() ? ", best so far" : ""));
        }
    }

    @Override
    public void note(String sentence) {
        bar.line(sentence);
    }

    @Override
    public void warning(String sentence) {
        bar.line("warning: " + sentence);
    }
}
