package io.headwater.metrics;

import java.util.Arrays;

/**
 * Counts what one scoring thread does, transaction by transaction: rows are counted as scored, with their latency, only
 * when their transaction commits. One thread owns it.
 *
 * <p>Per record it costs one comparison and one addition as long as neighbours were appended in the same millisecond;
 * the shared meters are touched once a batch and once a commit.
 */
public final class ScoringMeters {
    private static final int FIRST_RUNS = 256;

    private final ModelMeters meters;
    /** Append times of the open transaction, run-length encoded; no longer than the transaction has rows. */
    private long[] appendedMs = new long[FIRST_RUNS];

    private int[] runLength = new int[FIRST_RUNS];
    private int runs;
    private long rows;
    private long lag;

    ScoringMeters(ModelMeters meters) {
        this.meters = meters;
    }

    /** A record of the open transaction was scored; {@code appendMs} is its timestamp in the topic. */
    public void scored(long appendMs) {
        rows++;
        if (runs > 0 && appendedMs[runs - 1] == appendMs) {
            runLength[runs - 1]++;
            return;
        }
        if (runs == runLength.length) {
            appendedMs = Arrays.copyOf(appendedMs, 2 * runs);
            runLength = Arrays.copyOf(runLength, 2 * runs);
        }
        appendedMs[runs] = appendMs;
        runLength[runs] = 1;
        runs++;
    }

    /** {@code batchRows} records went through the model together. */
    public void batch(int batchRows) {
        meters.batchScored(batchRows);
    }

    /** The open transaction is committed. */
    public void committed(long nowMs) {
        for (int run = 0; run < runs; run++) {
            meters.scoreLatency(nowMs - appendedMs[run], runLength[run]);
        }
        meters.committed(rows);
        clear();
    }

    /** The open transaction is aborted; its records will be scored again. */
    public void aborted() {
        meters.aborted();
        clear();
    }

    /** Records that wait for this thread now; the model's lag is the sum over its threads. */
    public void lag(long records) {
        meters.moveEventsLag(records - lag);
        lag = records;
    }

    private void clear() {
        runs = 0;
        rows = 0;
    }
}
