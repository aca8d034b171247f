package io.headwater.drift;

import java.util.Arrays;

/**
 * How often each cell of one feature came up in a reference window and in the {@value #WINDOW} rows since, which slide
 * on by {@value #PANE} rows at a time.
 */
final class CellCounts {
    static final int PANE = 256;
    private static final int PANES = 8;
    /** Rows of the reference and of the sliding window. */
    static final int WINDOW = PANE * PANES;

    private final int[] reference;
    private final int[] window;
    private final int[][] panes;
    private final LongRunVariance variance = new LongRunVariance();
    private int rows;
    private int pane;

    CellCounts(int cells) {
        this.reference = new int[cells];
        this.window = new int[cells];
        this.panes = new int[PANES][cells];
    }

    int[] reference() {
        return reference;
    }

    int[] window() {
        return window;
    }

    void addReference(int cell) {
        reference[cell]++;
        variance.add(place(cell));
    }

    /** True if a pane has filled, after which the window holds the {@value #WINDOW} latest rows, or all if fewer came. */
    boolean add(int cell) {
        if (rows % PANE == 0) {
            pane = rows / PANE % PANES;
            for (int i = 0; i < window.length; i++) {
                window[i] -= panes[pane][i];
                panes[pane][i] = 0;
            }
        }
        panes[pane][cell]++;
        window[cell]++;
        rows++;
        variance.add(place(cell));
        boolean full = rows % PANE == 0;
        if (rows == 2 * WINDOW) {
            rows = WINDOW; // counts on without ever running over
        }
        return full;
    }

    /** A window that is too small for the tests' bounds says nothing. */
    boolean testable() {
        return rows >= 2 * PANE;
    }

    private double place(int cell) {
        return (cell + 0.5) / reference.length;
    }

    /** How many rows tell as much as one independent row. */
    double dependence() {
        double n = 0;
        double mean = 0;
        double squares = 0;
        for (int cell = 0; cell < reference.length; cell++) {
            int count = reference[cell];
            if (count > 0) {
                double delta = place(cell) - mean;
                n += count;
                mean += delta * count / n;
                squares += delta * (place(cell) - mean) * count;
            }
        }
        return squares > 0 ? Math.max(1, variance.value() * n / squares) : 1;
    }

    void clear() {
        Arrays.fill(reference, 0);
        Arrays.fill(window, 0);
        for (int[] each : panes) {
            Arrays.fill(each, 0);
        }
        variance.breakOff();
        rows = 0;
        pane = 0;
    }

    void write(StateNumbers out) {
        out.put(rows).put(pane);
        out.put(reference);
        for (int[] each : panes) {
            out.put(each);
        }
        variance.write(out);
    }

    void read(StateNumbers in) {
        rows = in.nextInt(0, 2 * WINDOW);
        pane = in.nextInt(0, PANES - 1);
        in.next(reference, WINDOW);
        Arrays.fill(window, 0);
        for (int[] each : panes) {
            in.next(each, PANE);
            for (int i = 0; i < each.length; i++) {
                window[i] += each[i];
            }
        }
        variance.read(in);
    }
}
