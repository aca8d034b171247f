package io.headwater.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bar for work that lasts: rewritten in place on a terminal, a line every five seconds elsewhere, with lines of text
 * in between. Not thread-safe.
 */
public final class ProgressBar {
    private static final long EVERY_NS = Duration.ofSeconds(5).toNanos();
    private static final long REDRAW_NS = Duration.ofMillis(100).toNanos();
    private static final int WIDTH = 24;
    /** Back to the first column, and the rest of the line cleared. */
    private static final String REWRITE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier clockNs;
    private long shownNs;
    private @Nullable String phase;
    private boolean open;

    /** A bar on standard error, which is a terminal where the launcher says so. */
    public static ProgressBar on(PrintWriter standardError) {
        return new ProgressBar(standardError, Boolean.getBoolean("headwater.terminal"), System::nanoTime);
    }

    /**
     * @param terminal whether {@code out} is one
     * @param clockNs any clock that does not go back
     */
    ProgressBar(PrintWriter out, boolean terminal, LongSupplier clockNs) {
        this.out = out;
        this.terminal = terminal;
        this.clockNs = clockNs;
    }

    /** A phase shows once it has lasted: what is done in no time needs no bar. */
    private boolean isDue(String what) {
        long now = clockNs.getAsLong();
        if (!what.equals(phase)) {
            phase = what;
            shownNs = now;
        } else if (now - shownNs >= (terminal ? REDRAW_NS : EVERY_NS)) {
            shownNs = now;
            return true;
        }
        return false;
    }

    /**
     * Shows how far a phase is, if it is time to.
     *
     * @param share that is done, 0 to 1
     * @param text behind the bar; asked for only when it is time
     */
    public void show(String what, double share, Supplier<String> text) {
        if (!isDue(what)) {
            return;
        }
        int filled = (int) Math.round(WIDTH * Math.max(0, Math.min(1, share)));
        if (terminal) {
            String bar = "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "]";
            out.print(REWRITE + String.format(Locale.ROOT, "%-9s %s %s", what, bar, text.get()));
            open = true;
        } else {
            out.println(what + ": " + text.get());
        }
        out.flush();
    }

    /** Shows how far the reading of a file is, by a share of its bytes. */
    void reading(long rows, double share) {
        show("reading", share, () -> String.format(Locale.ROOT, "%,d rows", rows));
    }

    /** Writes a line of its own. */
    void line(String text) {
        end();
        out.println(text);
        out.flush();
    }

    /** Ends a rewritten line, so that what comes next begins on its own. */
    public void end() {
        if (open) {
            out.print(REWRITE);
            out.flush();
            open = false;
        }
    }
}
