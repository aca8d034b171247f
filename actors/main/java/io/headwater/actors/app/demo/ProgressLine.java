package io.headwater.actors.app.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * The demo's live line: rewritten in place on a terminal, a line every five seconds elsewhere. It goes to standard
 * error, so that standard output holds the result and nothing else. Not thread-safe.
 */
public final class ProgressLine {
    private static final Duration EVERY = Duration.ofSeconds(5);
    /** Back to the first column, and the rest of the line cleared. */
    private static final String REWRITE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private long printedNs;
    private boolean printed;
    private boolean open;

    /** @param terminal whether {@code out} is one: the launcher says so in the property headwater.terminal */
    public ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * What the line tells.
     *
     * @param scored events scored
     * @param learned labelled examples learned
     * @param version the version that scores now
     * @param adaptiveAuc ROC AUC of what was served over the newest labelled events; NaN while unknown
     * @param frozenAuc the frozen model's over the same events
     * @param lag events sent that wait for their score
     * @param more what the scenario alone tells; empty for nothing
     */
    public record Progress(
            long scored, long learned, long version, double adaptiveAuc, double frozenAuc, long lag, String more) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "scored %,d  learned %,d  version %d  AUC adaptive %s frozen %s  lag %,d%s",
                    scored,
                    learned,
                    version,
                    DemoSummary.number("%.3f", adaptiveAuc),
                    DemoSummary.number("%.3f", frozenAuc),
                    lag,
                    more.isEmpty() ? "" : "  " + more);
        }
    }

    /** Shows {@code progress} if it is time to; {@code nowNs} is any clock that does not go back. */
    public void show(Progress progress, long nowNs) {
        if (terminal) {
            out.print(REWRITE + progress.text());
            out.flush();
            open = true;
        } else if (!printed || nowNs - printedNs >= EVERY.toNanos()) {
            out.println(progress.text());
            printedNs = nowNs;
        }
        printed = true;
    }

    /** Ends a rewritten line, so that what comes next begins on its own. */
    public void end() {
        if (open) {
            out.println();
            open = false;
        }
    }
}
