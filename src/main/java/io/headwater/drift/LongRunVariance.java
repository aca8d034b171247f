package io.headwater.drift;

import java.util.Arrays;

/**
 * How much the mean of many neighbouring values varies, times their number. Of independent values that is their
 * variance; where values depend on their neighbours, as losses do, it is larger, and a detector that takes them for
 * independent sounds false alarms.
 */
final class LongRunVariance {
    /*
     * Half the mean squared difference of neighbouring batch means, times the batch's length (the mean-square
     * successive difference of von Neumann, Annals of Mathematical Statistics 12, 1941, on the batch means of
     * simulation studies), for batches of 32, 64, ... 4096 values. A change of level enters one difference of each
     * length only, and what one difference may add is limited. Long batches are few, so the estimate of each length is
     * drawn toward that of the next shorter, as if that had been seen PRIOR times; the largest of them counts.
     */
    private static final int BLOCK = Adwin.BLOCK;
    private static final int SCALES = 8;
    private static final double PRIOR = 8;
    private static final double MEMORY = 256;
    private static final double MAX_RATIO = 12;
    private static final int KNOWN_AFTER = 8;

    private final double[] seen = new double[SCALES];
    private final double[] estimate = new double[SCALES];
    /** Mean of the last whole batch of each length; NaN where there is none. */
    private final double[] last = new double[SCALES];
    /** Mean of the first half of a batch under way; NaN where none is. */
    private final double[] half = new double[SCALES];

    private int pending;
    private double pendingSum;
    private double value;

    LongRunVariance() {
        breakOff();
    }

    /** The estimate; 0 until it is {@link #known}. */
    double value() {
        return value;
    }

    boolean known() {
        return seen[0] >= KNOWN_AFTER;
    }

    /** Takes in the next value; true where a batch of 32 ended and so the estimate changed. */
    boolean add(double next) {
        pendingSum += next;
        if (++pending < BLOCK) {
            return false;
        }
        double mean = pendingSum / BLOCK;
        pending = 0;
        pendingSum = 0;
        for (int scale = 0; scale < SCALES; scale++) {
            batch(scale, mean);
            if (Double.isNaN(half[scale])) {
                half[scale] = mean;
                break;
            }
            mean = (mean + half[scale]) / 2;
            half[scale] = Double.NaN;
        }
        update();
        return true;
    }

    private void batch(int scale, double mean) {
        if (!Double.isNaN(last[scale])) {
            double difference = mean - last[scale];
            double found = (BLOCK << scale) * difference * difference / 2;
            if (scale > 0 && value > 0) {
                found = Math.min(found, MAX_RATIO * value);
            }
            seen[scale] = Math.min(MEMORY, seen[scale] + 1);
            estimate[scale] += (found - estimate[scale]) / seen[scale];
        }
        last[scale] = mean;
    }

    private void update() {
        double shorter = estimate[0];
        double expected = shorter;
        double largest = shorter;
        for (int scale = 1; scale < SCALES && seen[scale] > 0; scale++) {
            double found = (seen[scale] * estimate[scale] + PRIOR * expected) / (seen[scale] + PRIOR);
            largest = Math.max(largest, found);
            expected = shorter > 0 ? found * Math.sqrt(Math.max(1, found / shorter)) : found;
            shorter = found;
        }
        value = known() ? largest : 0;
    }

    /** The values that come are in a unit in which old values would be {@code factor} times as large. */
    void scale(double factor) {
        for (int scale = 0; scale < SCALES; scale++) {
            estimate[scale] *= factor * factor;
        }
        update();
    }

    /** The level has changed: what comes is not compared with what was. The estimate stays. */
    void breakOff() {
        Arrays.fill(last, Double.NaN);
        Arrays.fill(half, Double.NaN);
        pending = 0;
        pendingSum = 0;
    }

    void write(StateNumbers out) {
        out.put(seen).put(estimate).put(last).put(half).put(pending).put(pendingSum);
    }

    void read(StateNumbers in) {
        in.next(seen);
        in.next(estimate);
        in.next(last);
        in.next(half);
        pending = in.nextInt(0, BLOCK - 1);
        pendingSum = in.next();
        update();
    }
}
