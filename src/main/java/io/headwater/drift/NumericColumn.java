package io.headwater.drift;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The traffic of one numeric feature, in cells between quantiles of its reference window; missing has a cell of its own. */
final class NumericColumn {
    private static final int BINS = 10;
    private static final int CELLS_PER_BIN = 6;
    private static final int CELLS = BINS * CELLS_PER_BIN;

    private final KolmogorovSmirnov distribution;
    private final PopulationStability stability;
    private final CellCounts counts = new CellCounts(1 + CELLS);
    private final float[] sample = new float[CellCounts.WINDOW];
    /** Cell {@code i} ends, itself included, at {@code borders[i - 1]}. */
    private final float[] borders = new float[CELLS - 1];

    private final int[] referenceBins = new int[1 + BINS];
    private final int[] windowBins = new int[1 + BINS];
    private int sampled;

    NumericColumn(FalseAlarmBudget budget) {
        this.distribution = new KolmogorovSmirnov(budget, CellCounts.PANE);
        this.stability = new PopulationStability(budget, CellCounts.PANE, 1 + BINS);
    }

    KolmogorovSmirnov distribution() {
        return distribution;
    }

    PopulationStability stability() {
        return stability;
    }

    /** True if the time has come for {@link #test}. {@code scratch} is as long as the reference window. */
    boolean add(float value, float[] scratch) {
        if (sampled < sample.length) {
            sample[sampled++] = value;
            if (sampled == sample.length) {
                setBorders(scratch);
            }
            return false;
        }
        return counts.add(cell(value)) && counts.testable();
    }

    /** Rows whose values are kept as they came. */
    int filling() {
        return sampled < sample.length ? sampled : 0;
    }

    /**
     * Keeps the value of {@code other} rows ago in the place of that of {@code back} rows ago, if it is kept; where only
     * that is, the column begins anew. So the reference is one of other rows, and no value is missing that was there.
     */
    void erase(int back, int other) {
        if (back > filling()) {
            return;
        }
        if (other > filling()) {
            restart();
        } else {
            sample[sampled - back] = sample[sampled - other];
        }
    }

    private void setBorders(float[] scratch) {
        int present = 0;
        for (float value : sample) {
            if (!Float.isNaN(value)) {
                scratch[present++] = value;
            }
        }
        Arrays.sort(scratch, 0, present);
        for (int i = 0; i < borders.length; i++) {
            int last = (int) ((long) present * (i + 1) / CELLS);
            borders[i] = present == 0 ? 0 : between(scratch[last], scratch[Math.min(present - 1, last + 1)]);
        }
        for (float value : sample) {
            counts.addReference(cell(value));
        }
    }

    /** Parts the two as the lower one does, and is the value of no row where they differ. */
    private static float between(float low, float high) {
        float middle = (float) (((double) low + high) / 2);
        return middle > low && middle < high ? middle : low;
    }

    private int cell(float value) {
        if (Float.isNaN(value)) {
            return 0;
        }
        int low = 0;
        int high = borders.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (borders[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 1 + low;
    }

    /** What tells that the traffic has changed; null if nothing does. */
    @Nullable
    Detector test() {
        double dependence = counts.dependence();
        if (distribution.test(counts.reference(), counts.window(), dependence)) {
            return Detector.KOLMOGOROV_SMIRNOV;
        }
        join(counts.reference(), referenceBins);
        join(counts.window(), windowBins);
        return stability.test(referenceBins, windowBins, dependence) ? Detector.POPULATION_STABILITY : null;
    }

    private static void join(int[] cells, int[] bins) {
        bins[0] = cells[0];
        for (int bin = 0; bin < BINS; bin++) {
            int sum = 0;
            for (int i = 0; i < CELLS_PER_BIN; i++) {
                sum += cells[1 + bin * CELLS_PER_BIN + i];
            }
            bins[1 + bin] = sum;
        }
    }

    /** The rows that come are the new reference. */
    void restart() {
        sampled = 0;
        counts.clear();
    }

    void write(StateNumbers out) {
        out.put(sampled);
        if (sampled < sample.length) {
            for (int i = 0; i < sampled; i++) {
                out.put(sample[i]);
            }
        } else {
            for (float border : borders) {
                out.put(border);
            }
        }
        counts.write(out);
    }

    void read(StateNumbers in) {
        sampled = in.nextInt(0, sample.length);
        if (sampled < sample.length) {
            for (int i = 0; i < sampled; i++) {
                sample[i] = (float) in.next();
            }
        } else {
            for (int i = 0; i < borders.length; i++) {
                borders[i] = (float) in.next();
            }
        }
        counts.read(in);
    }
}
