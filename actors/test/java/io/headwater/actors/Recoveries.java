package io.headwater.actors;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long after its start a process that takes over from a killed one made its first score and its first step. */
final class Recoveries {
    private final List<Long> toScoreMs = new ArrayList<>();
    private final List<Long> toStepMs = new ArrayList<>();

    /** A process was started at {@code startedMs}; it may have been killed before it came so far. */
    void add(long startedMs, TopicLedger ledger) {
        add(toScoreMs, ledger.firstScoreAfter(startedMs) - startedMs);
        add(toStepMs, ledger.firstStepAfter(startedMs) - startedMs);
    }

    private static void add(List<Long> times, long tookMs) {
        if (tookMs >= 0) {
            times.add(tookMs);
        }
    }

    @Override
    public String toString() {
        return "from the start of a process to its first score: " + describe(toScoreMs) + "; to its first step: "
                + describe(toStepMs);
    }

    private static String describe(List<Long> times) {
        if (times.isEmpty()) {
            return "none";
        }
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return "median " + sorted.get(sorted.size() / 2) + " ms, longest " + sorted.get(sorted.size() - 1) + " ms of "
                + sorted.size();
    }
}
