package io.headwater.cli;

import io.headwater.offline.FitWatcher;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far a fit is: a bar that is rewritten in place on a terminal, a line every five seconds elsewhere, and a
 * line after each pass on both. Not thread-safe.
 */
final class FitProgress implements FitWatcher {
    private static final long EVERY_NS = Duration.ofSeconds(5).toNanos();
    private static final long REDRAW_NS = Duration.ofMillis(100).toNanos();
    private static final int BAR = 24;
    /** Back to the first column, and the rest of the line cleared. */
    private static final String REWRITE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier clockNs;
    private final BooleanSupplier stopping;
    private long shownNs;
    private @Nullable String phase;
    private boolean open;

    /**
     * @param terminal whether {@code out} is one
     * @param clockNs any clock that does not go back
     * @param stopping whether the user wants the fit to end
     */
    FitProgress(PrintWriter out, boolean terminal, LongSupplier clockNs, BooleanSupplier stopping) {
        this.out = out;
        this.terminal = terminal;
        this.clockNs = clockNs;
        this.stopping = stopping;
    }

    @Override
    public boolean isStopping() {
        return stopping.getAsBoolean();
    }

    @Override
    public void reading(long rows, double share) {
        show("reading", share, String.format(Locale.ROOT, "%,d rows", rows));
    }

    @Override
    public void features(int done, int of) {
        show("features", done / (double) of, String.format(Locale.ROOT, "%,d of %,d rows", done, of));
    }

    @Override
    public void rows(int epoch, int done, int of) {
        show("epoch " + epoch, done / (double) of, String.format(Locale.ROOT, "%,d of %,d rows", done, of));
    }

    /** A phase shows once it has lasted: what is done in no time needs no bar. */
    private void show(String what, double share, String text) {
        long now = clockNs.getAsLong();
        if (!what.equals(phase)) {
            phase = what;
            shownNs = now;
        } else if (now - shownNs >= (terminal ? REDRAW_NS : EVERY_NS)) {
            shownNs = now;
            int filled = (int) Math.round(BAR * Math.max(0, Math.min(1, share)));
            String bar = "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "]";
            if (terminal) {
                out.print(REWRITE + String.format(Locale.ROOT, "%-9s %s %s", what, bar, text));
                open = true;
            } else {
                out.println(what + ": " + text);
            }
            out.flush();
        }
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
            line("before training: " + figures);
        } else {
            line(String.format(
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
        line(sentence);
    }

    @Override
    public void warning(String sentence) {
        line("warning: " + sentence);
    }

    private void line(String text) {
        end();
        out.println(text);
        out.flush();
    }

    /** Ends a rewritten line, so that what comes next begins on its own. */
    void end() {
        if (open) {
            out.print(REWRITE);
            out.flush();
            open = false;
        }
    }
}
