package io.headwater.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Watches the features of events as they arrive, without their labels, and sounds an alarm for each whose distribution
 * is no longer that of its reference window. One thread owns it; a row without an alarm allocates nothing.
 *
 * <p>The first 2,048 rows are the reference; from there on the latest 2,048 are compared with it every 256 rows. After
 * its alarm a feature's next 2,048 rows are its new reference. A feature that grows or goes round by nature, as a time or
 * a weekday does, alarms again and again and should be left out: it is counted, so that the state is the same with and
 * without it, and never tested.
 */
public final class TrafficMonitor {
    /*
     * The budget is divided by the number of tests: two for a numeric feature (Kolmogorov-Smirnov for shifts, stability
     * index for values that go missing or pile up) and one for a categorical one. Memory is about 12 KB for a numeric
     * feature and 2 KB for a categorical one, and 16 KB for whose the latest rows are.
     */
    private static final long NOBODY = 0;

    private final List<String> names;
    private final NumericColumn[] numeric;
    private final CategoryColumn[] categorical;
    /** Whether each feature is tested, numeric ones first. */
    private final boolean[] tested;

    private final float[] scratch = new float[CellCounts.WINDOW];
    private final List<DriftAlarm> alarms = new ArrayList<>();
    /** Whose row each of the latest is, at its number modulo the length: a reference window that fills has no older one. */
    private final long[] keys = new long[CellCounts.WINDOW];

    private long rows;

    /** @param leftOut names of features that raise no alarm */
    public TrafficMonitor(
            FalseAlarmBudget budget, List<String> numericNames, List<String> categoricalNames, Set<String> leftOut) {
        this.names = new ArrayList<>(numericNames);
        this.names.addAll(categoricalNames);
        this.tested = new boolean[names.size()];
        int tests = 0;
        for (int i = 0; i < tested.length; i++) {
            tested[i] = !leftOut.contains(names.get(i));
            tests += !tested[i] ? 0 : i < numericNames.size() ? 2 : 1;
        }
        FalseAlarmBudget each = budget.share(Math.max(1, tests));
        this.numeric = new NumericColumn[numericNames.size()];
        for (int i = 0; i < numeric.length; i++) {
            numeric[i] = new NumericColumn(each);
        }
        this.categorical = new CategoryColumn[categoricalNames.size()];
        for (int i = 0; i < categorical.length; i++) {
            categorical[i] = new CategoryColumn(each);
        }
    }

    /** Takes in the next event, which is nobody's; see {@link #observe(float[], int[], long)}. */
    public boolean observe(float[] numbers, int[] buckets) {
        return observe(numbers, buckets, NOBODY);
    }

    /**
     * Takes in the next event; true if it raises alarms, which {@link #alarms()} then lists.
     *
     * @param numbers {@code [numeric features]}; NaN means missing
     * @param buckets {@code [categorical features]}; 0 means missing
     * @param key whose row it is, for {@link #erase}; 0 where it is nobody's
     */
    public boolean observe(float[] numbers, int[] buckets, long key) {
        if (numbers.length != numeric.length || buckets.length != categorical.length) {
            throw new IllegalArgumentException("a row of " + numbers.length + " numbers and " + buckets.length
                    + " categories where " + numeric.length + " and " + categorical.length + " are watched");
        }
        keys[place(rows++)] = key;
        if (!alarms.isEmpty()) {
            alarms.clear();
        }
        for (int i = 0; i < numeric.length; i++) {
            if (numeric[i].add(numbers[i], scratch) && tested[i]) {
                test(i, numeric[i]);
            }
        }
        for (int i = 0; i < categorical.length; i++) {
            if (categorical[i].add(buckets[i]) && tested[numeric.length + i] && categorical[i].test()) {
                sound(numeric.length + i, categorical[i].stability());
                categorical[i].restart();
            }
        }
        return !alarms.isEmpty();
    }

    private void test(int feature, NumericColumn column) {
        Detector found = column.test();
        if (found == null) {
            return;
        }
        if (found == Detector.POPULATION_STABILITY) {
            sound(feature, column.stability());
        } else {
            KolmogorovSmirnov by = column.distribution();
            alarms.add(new DriftAlarm(
                    found, names.get(feature), rows, by.statistic(), by.threshold(), by.before(), by.after()));
        }
        column.restart();
    }

    private void sound(int feature, PopulationStability by) {
        alarms.add(new DriftAlarm(
                Detector.POPULATION_STABILITY,
                names.get(feature),
                rows,
                by.statistic(),
                by.threshold(),
                by.before(),
                by.after()));
    }

    /** Those of the last row, one for a feature at most. */
    public List<DriftAlarm> alarms() {
        return List.copyOf(alarms);
    }

    /**
     * Puts a neighbour's values in the place of those of some owners' rows in reference windows that are filling; filled
     * ones have counts and points between values alone.
     *
     * @param owned whether a key is one of theirs; never of 0, which is nobody's
     * @return rows of which a value was kept
     */
    public int erase(LongPredicate owned) {
        int erased = 0;
        long oldest = rows - filling();
        for (long row = rows - 1; row >= oldest; row--) {
            if (owned.test(keys[place(row)])) {
                long neighbour = neighbour(row, owned, oldest);
                for (NumericColumn column : numeric) {
                    column.erase((int) (rows - row), (int) (rows - neighbour));
                }
                // Whoever is the neighbour's owner can have the copy erased too.
                keys[place(row)] = neighbour < oldest ? NOBODY : keys[place(neighbour)];
                erased++;
            }
        }
        return erased;
    }

    /** The next later row that is not one of theirs, else the next earlier one; before {@code oldest} if there is none. */
    private long neighbour(long row, LongPredicate owned, long oldest) {
        // Later rows of theirs have been replaced already, unless there was none to replace them by.
        if (row + 1 < rows && !owned.test(keys[place(row + 1)])) {
            return row + 1;
        }
        long earlier = row - 1;
        while (earlier >= oldest && owned.test(keys[place(earlier)])) {
            earlier--;
        }
        return earlier;
    }

    private static int place(long row) {
        return (int) Math.floorMod(row, (long) CellCounts.WINDOW);
    }

    /** The latest rows of which a reference window keeps values. */
    private int filling() {
        int most = 0;
        for (NumericColumn column : numeric) {
            most = Math.max(most, column.filling());
        }
        return most;
    }

    /** For a checkpoint. */
    public double[] state() {
        StateNumbers out = new StateNumbers();
        out.put(rows);
        int filling = filling();
        out.put(filling);
        for (long row = rows - filling; row < rows; row++) {
            // A double holds 53 bits.
            long key = keys[place(row)];
            out.put((int) (key >>> 32)).put((int) key);
        }
        for (NumericColumn column : numeric) {
            column.write(out);
        }
        for (CategoryColumn column : categorical) {
            column.write(out);
        }
        return out.toArray();
    }

    /**
     * Takes over what {@link #state()} gave, of a monitor with the same features.
     *
     * @throws IllegalArgumentException if it is no such state; the monitor is of no use then
     */
    public void restore(double[] state) {
        StateNumbers in = new StateNumbers(state);
        rows = (long) in.next();
        int filling = in.nextInt(0, keys.length);
        Arrays.fill(keys, NOBODY);
        for (long row = rows - filling; row < rows; row++) {
            long high = in.nextInt(Integer.MIN_VALUE, Integer.MAX_VALUE);
            long low = in.nextInt(Integer.MIN_VALUE, Integer.MAX_VALUE);
            keys[place(row)] = high << 32 | low & 0xffffffffL;
        }
        for (NumericColumn column : numeric) {
            column.read(in);
        }
        for (CategoryColumn column : categorical) {
            column.read(in);
        }
        in.end();
        alarms.clear();
    }
}
