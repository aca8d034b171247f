package io.headwater.learn.exact;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * All that a linear model needs to know of the rows it learned: their weight and sum for each class (or with a number
 * for label, weighted by it), and the sum of their outer products. Sums do not depend on order and can be added.
 */
final class Moments {
    private static final int BLOCK = 32;

    /** Near the end of a double's range sums stand still while they fade, and no mean could be told of them. */
    private static final double FORGOTTEN = 1e-300;

    private final int features;
    private final double decay;
    private final PackedMatrix products;
    /** Rows that wait to be added to {@link #products}, each times the root of its weight: {@code [BLOCK, features]}. */
    private final double[] waiting;

    /** Whose row each of them is. */
    private final long[] keys = new long[BLOCK];

    private int waitingRows;
    private double[] weight;
    private double[][] sum;
    /** Of numbers for labels. */
    private double labelSum;

    /** @param groups 1 for regression, else classes */
    Moments(int features, int groups, double halfLifeRows) {
        this.features = features;
        this.decay = Math.pow(0.5, 1 / halfLifeRows);
        this.products = new PackedMatrix(features);
        this.waiting = new double[BLOCK * features];
        this.weight = new double[groups];
        this.sum = new double[groups][features];
    }

    int groups() {
        return sum.length;
    }

    double weight(int group) {
        return weight[group];
    }

    double[] sum(int group) {
        return sum[group];
    }

    double labelSum() {
        return labelSum;
    }

    void addGroup() {
        weight = Arrays.copyOf(weight, weight.length + 1);
        sum = Arrays.copyOf(sum, sum.length + 1);
        sum[sum.length - 1] = new double[features];
    }

    /**
     * Learns a row of a class.
     *
     * @param key whose row it is
     */
    void add(double[] row, int group, double rowWeight, long key) {
        fade();
        weight[group] += rowWeight;
        double[] to = sum[group];
        for (int i = 0; i < features; i++) {
            to[i] += rowWeight * row[i];
        }
        await(row, rowWeight, key);
    }

    /**
     * Learns a row with a number; group 0 has the rows' own sum, group 1 their sum weighted by the number.
     *
     * @param key whose row it is
     */
    void addNumber(double[] row, double label, double rowWeight, long key) {
        fade();
        weight[0] += rowWeight;
        labelSum += rowWeight * label;
        for (int i = 0; i < features; i++) {
            sum[0][i] += rowWeight * row[i];
            sum[1][i] += rowWeight * label * row[i];
        }
        await(row, rowWeight, key);
    }

    private void fade() {
        if (decay == 1) {
            return;
        }
        labelSum *= decay;
        for (int group = 0; group < sum.length; group++) {
            weight[group] *= decay;
            for (int i = 0; i < features; i++) {
                sum[group][i] *= decay;
            }
            if (weight[group] > 0 && weight[group] < FORGOTTEN) {
                weight[group] = 0;
                Arrays.fill(sum[group], 0);
            }
        }
    }

    /** A row waits as if it had already faded for as long as the block's last will have stood at its addition. */
    private void await(double[] row, double rowWeight, long key) {
        double root = Math.sqrt(rowWeight * Math.pow(decay, -(waitingRows + 1)));
        int at = waitingRows * features;
        for (int i = 0; i < features; i++) {
            waiting[at + i] = root * row[i];
        }
        keys[waitingRows] = key;
        if (++waitingRows == BLOCK) {
            flush();
        }
    }

    /**
     * Has no row of {@code owners} wait any longer: if there is one, all that wait enter the sums now, in which no row can be
     * told from another.
     *
     * @return rows of {@code owners} that waited
     */
    int erase(OwnerKeys owners) {
        int erased = 0;
        for (int row = 0; row < waitingRows; row++) {
            erased += owners.contains(keys[row]) ? 1 : 0;
        }
        if (erased > 0) {
            flush();
            Arrays.fill(waiting, 0);
            Arrays.fill(keys, RowKey.NONE);
        }
        return erased;
    }

    private void flush() {
        products.addOuterProducts(waiting, waitingRows, 1, 0);
        if (decay != 1) {
            products.scale(Math.pow(decay, waitingRows));
        }
        waitingRows = 0;
    }

    /** {@code to} becomes the sum of the outer products; rows that wait go on waiting, so that asking changes no bit. */
    void productsTo(PackedMatrix to) {
        to.copyFrom(products);
        to.addOuterProducts(waiting, waitingRows, 1, 0);
        if (decay != 1) {
            to.scale(Math.pow(decay, waitingRows));
        }
    }

    /** Adds what another has learned. */
    void merge(Moments other) {
        while (groups() < other.groups()) {
            addGroup();
        }
        flush();
        PackedMatrix theirs = new PackedMatrix(features);
        other.productsTo(theirs);
        products.add(theirs);
        for (int group = 0; group < other.groups(); group++) {
            weight[group] += other.weight[group];
            for (int i = 0; i < features; i++) {
                sum[group][i] += other.sum[group][i];
            }
        }
        labelSum += other.labelSum;
    }

    /** Of all entries of the sum of outer products, as correlations. */
    double greatestRelativeDifference(Moments other) {
        PackedMatrix ours = new PackedMatrix(features);
        PackedMatrix theirs = new PackedMatrix(features);
        productsTo(ours);
        other.productsTo(theirs);
        double greatest = 0;
        for (int i = 0; i < features; i++) {
            for (int j = 0; j <= i; j++) {
                double size = Math.sqrt(ours.get(i, i) * ours.get(j, j));
                double difference = Math.abs(ours.get(i, j) - theirs.get(i, j));
                greatest = Math.max(greatest, difference == 0 ? 0 : difference / size);
            }
        }
        return greatest;
    }

    void write(StateWriter out) {
        out.integer(groups()).reals64(weight);
        for (double[] each : sum) {
            out.reals64(each);
        }
        out.real64(labelSum);
        out.integer(waitingRows).reals64(Arrays.copyOf(waiting, waitingRows * features));
        out.integers64(LongBuffer.wrap(keys), waitingRows);
        out.reals64(products.values());
    }

    void read(StateReader in, int maxGroups) {
        int groups = in.integer(1, maxGroups);
        weight = in.reals64(groups);
        sum = new double[groups][];
        for (int group = 0; group < groups; group++) {
            sum[group] = in.reals64(features);
        }
        labelSum = in.real64();
        waitingRows = in.integer(0, BLOCK - 1);
        double[] rows = in.reals64(waitingRows * features);
        System.arraycopy(rows, 0, waiting, 0, rows.length);
        System.arraycopy(in.integers64(waitingRows), 0, keys, 0, waitingRows);
        double[] values = in.reals64(products.values().length);
        System.arraycopy(values, 0, products.values(), 0, values.length);
    }

    long bytes() {
        return (long) Double.BYTES
                * (products.values().length + waiting.length + keys.length + (long) groups() * (features + 1) + 2);
    }
}
