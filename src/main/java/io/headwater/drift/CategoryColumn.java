package io.headwater.drift;

/** The traffic of one categorical feature, its buckets spread over 16 bins; the bucket for missing has one of its own. */
final class CategoryColumn {
    private static final int BINS = 16;

    private final PopulationStability stability;
    private final CellCounts counts = new CellCounts(1 + BINS);
    private int referenceRows;

    CategoryColumn(FalseAlarmBudget budget) {
        this.stability = new PopulationStability(budget, CellCounts.PANE, 1 + BINS);
    }

    PopulationStability stability() {
        return stability;
    }

    /** True if the time has come for {@link #test}. */
    boolean add(int bucket) {
        int cell = bucket == 0 ? 0 : 1 + (bucket * 0x9e3779b9 >>> 28);
        if (referenceRows < CellCounts.WINDOW) {
            referenceRows++;
            counts.addReference(cell);
            return false;
        }
        return counts.add(cell) && counts.testable();
    }

    boolean test() {
        return stability.test(counts.reference(), counts.window(), counts.dependence());
    }

    /** The rows that come are the new reference. */
    void restart() {
        referenceRows = 0;
        counts.clear();
    }

    void write(StateNumbers out) {
        out.put(referenceRows);
        counts.write(out);
    }

    void read(StateNumbers in) {
        referenceRows = in.nextInt(0, CellCounts.WINDOW);
        counts.read(in);
    }
}
