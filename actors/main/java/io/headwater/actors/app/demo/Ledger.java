package io.headwater.actors.app.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import org.HdrHistogram.Histogram;

/**
 * The demo's book of what went in and what came out, per event: sent, labelled, scored, scored again. The replay writes
 * one side and the audit the other. Thread-safe.
 */
public final class Ledger implements Audit.Book {
    /*
     * Four bits an event are kept for good: lost and duplicated are counted over all of them. What is needed to compare
     * an event's scores with its label waits in a ring of rows until both are there; a row that is overwritten before
     * (a score more than a ring late) leaves the comparison and nothing else.
     */
    private static final int DEFAULT_ROWS = 1 << 18;
    private static final long LONGEST_LATENCY_NS = Duration.ofHours(1).toNanos();
    private static final int LATENCY_DIGITS = 3;

    private final BitSet sent = new BitSet();
    private final BitSet labeled = new BitSet();
    private final BitSet scored = new BitSet();
    private final BitSet scoredAgain = new BitSet();
    private long sentCount;
    private long labeledCount;
    private long scoredCount;
    private long scoredOfSent;
    private long duplicatedCount;
    private long afterLabelCount;

    private final long[] slots;
    private final long[] sentAtNs;
    private final float[] frozen;
    private final float[] intercept;
    private final float[] score;
    private final long[] scoreRecordMs;
    private final byte[] label;
    private final long[] labelRecordMs;
    private final Histogram latencyNs = new Histogram(LONGEST_LATENCY_NS, LATENCY_DIGITS);
    private final Comparison comparison;
    private final Settled settled;

    /** Is told what the models said of each event. */
    interface Settled {
        Settled NOBODY = (slot, probability, frozenLogit, interceptLogit, label) -> {};

        /** The frozen model's logit of an event that is about to go out. */
        default void predicted(long slot, float frozenLogit) {}

        /** The first score of an event. */
        default void scored(long slot, float probability) {}

        /** An event that the models are compared over has its score and its label. */
        void settled(long slot, float probability, float frozenLogit, float interceptLogit, boolean label);
    }

    /** @param constantRate the probability that the constant baseline gives to every event */
    public Ledger(double constantRate) {
        this(constantRate, Settled.NOBODY);
    }

    Ledger(double constantRate, Settled settled) {
        this(constantRate, settled, DEFAULT_ROWS);
    }

    Ledger(double constantRate, Settled settled, int rows) {
        this.settled = settled;
        comparison = new Comparison(constantRate);
        slots = new long[rows];
        Arrays.fill(slots, -1);
        sentAtNs = new long[rows];
        frozen = new float[rows];
        intercept = new float[rows];
        score = new float[rows];
        scoreRecordMs = new long[rows];
        label = new byte[rows];
        labelRecordMs = new long[rows];
    }

    /** Opens the row of {@code slot} if it is not open yet; another event's row there is given up. */
    private int open(long slot) {
        int row = row(slot);
        if (slots[row] < slot) {
            slots[row] = slot;
            sentAtNs[row] = -1;
            frozen[row] = Float.NaN;
            score[row] = Float.NaN;
            label[row] = -1;
        }
        return row;
    }

    private int row(long slot) {
        return (int) (slot % slots.length);
    }

    private boolean isOpen(long slot) {
        return slots[row(slot)] == slot;
    }

    /** The baselines' logits of an event that is about to go out. */
    synchronized void predicted(long slot, float frozenLogit, float interceptLogit) {
        int row = open(slot);
        frozen[row] = frozenLogit;
        intercept[row] = interceptLogit;
        settled.predicted(slot, frozenLogit);
    }

    /** What {@link #predicted} said of the frozen model, NaN if that is not known any more. */
    synchronized double frozenLogit(long slot) {
        return isOpen(slot) ? frozen[row(slot)] : Double.NaN;
    }

    /** An event is handed to the producer now. */
    synchronized void sending(long slot, long nowNs) {
        sentAtNs[open(slot)] = nowNs;
    }

    /** The broker has the event. */
    synchronized void sent(long slot) {
        int bit = Math.toIntExact(slot);
        if (!sent.get(bit)) {
            sent.set(bit);
            sentCount++;
            if (scored.get(bit)) {
                scoredOfSent++;
                tellIfComplete();
            }
        }
    }

    /** A label is handed to the producer, as a record with this timestamp. */
    synchronized void sendingLabel(long slot, boolean value, long recordMs) {
        if (isOpen(slot)) {
            int row = row(slot);
            label[row] = (byte) (value ? 1 : 0);
            labelRecordMs[row] = recordMs;
            settle(row);
        }
    }

    /** The broker has the label. */
    synchronized void labeled(long slot) {
        int bit = Math.toIntExact(slot);
        if (!labeled.get(bit)) {
            labeled.set(bit);
            labeledCount++;
        }
    }

    /**
     * A score has become visible.
     *
     * @param probability what it says
     * @param recordMs timestamp of its record: when the scorer sent it
     */
    @Override
    public synchronized void scored(long slot, float probability, long recordMs, long nowNs) {
        int bit = Math.toIntExact(slot);
        if (scored.get(bit)) {
            if (!scoredAgain.get(bit)) {
                scoredAgain.set(bit);
                duplicatedCount++;
            }
            return;
        }
        scored.set(bit);
        scoredCount++;
        if (sent.get(bit)) {
            scoredOfSent++;
        }
        settled.scored(slot, probability);
        if (isOpen(slot)) {
            scoredRow(row(slot), probability, recordMs, nowNs);
        }
        tellIfComplete();
    }

    private void tellIfComplete() {
        if (scoredOfSent == sentCount) {
            notifyAll();
        }
    }

    private void scoredRow(int row, float probability, long recordMs, long nowNs) {
        if (sentAtNs[row] >= 0) {
            latencyNs.recordValue(Math.max(0, Math.min(LONGEST_LATENCY_NS, nowNs - sentAtNs[row])));
        }
        score[row] = probability;
        scoreRecordMs[row] = recordMs;
        settle(row);
    }

    private void settle(int row) {
        if (label[row] < 0 || Float.isNaN(score[row]) || Float.isNaN(frozen[row])) {
            return;
        }
        if (scoreRecordMs[row] > labelRecordMs[row]) {
            // The model may have learned this very label before it scored: no fair comparison.
            afterLabelCount++;
        } else {
            comparison.add(score[row], frozen[row], intercept[row], label[row] == 1);
            settled.settled(slots[row], score[row], frozen[row], intercept[row], label[row] == 1);
        }
        slots[row] = -1;
    }

    /** Waits until each event sent so far has its score; false if that did not happen in time. */
    public synchronized boolean awaitScored(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (scoredOfSent < sentCount) {
            long leftMs = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    public synchronized Counts counts() {
        return new Counts(
                sentCount, labeledCount, scoredCount, sentCount - scoredOfSent, duplicatedCount, afterLabelCount);
    }

    /** The models compared over the newest {@code most} events that have score and label. */
    public Standing standing(int most) {
        Comparison copy;
        synchronized (this) {
            copy = comparison.newest(most);
        }
        return copy.standing();
    }

    /** The models compared over all events that are still kept: the newest million. */
    public Standing standing() {
        return standing(Comparison.MOST);
    }

    /** From an event's hand-over to the producer until its score is visible to a read_committed consumer. */
    public synchronized Quantiles scoreLatencyMs() {
        return latencyNs.getTotalCount() == 0
                ? Quantiles.UNKNOWN
                : new Quantiles(latencyNs.getValueAtPercentile(50) / 1e6, latencyNs.getValueAtPercentile(99) / 1e6);
    }

    /** The events sent whose label was not, and those before the stream. */
    synchronized long[] sentWithoutLabel(long firstEvent) {
        BitSet open = (BitSet) sent.clone();
        open.set(0, Math.toIntExact(firstEvent));
        open.andNot(labeled);
        return open.stream().asLongStream().toArray();
    }

    /** How many events were sent that are not among {@code found}. */
    synchronized long sentBut(BitSet found) {
        BitSet open = (BitSet) sent.clone();
        open.andNot(found);
        return open.cardinality();
    }

    /** The slot after the last event sent. */
    synchronized long nextSlot() {
        return sent.length();
    }

    /**
     * What the book holds, each event counted once.
     *
     * @param sent events that the broker has
     * @param labeled labelled examples that the broker has
     * @param scored events with a score
     * @param lost events sent that have no score (yet)
     * @param duplicated events with more than one score
     * @param scoredAfterLabel events left out of the comparison because their score came after their label
     */
    public record Counts(long sent, long labeled, long scored, long lost, long duplicated, long scoredAfterLabel) {}

    /** Two quantiles of a time in milliseconds; NaN where nothing was measured. */
    public record Quantiles(double p50, double p99) {
        public static final Quantiles UNKNOWN = new Quantiles(Double.NaN, Double.NaN);
    }
}
