package io.headwater.drift;

import org.jspecify.annotations.Nullable;

/**
 * Watches a learner's loss, test-then-train, and sounds an alarm when it has risen for more than chance explains. The
 * loss may have any scale and heavy tails, and may depend on its neighbours; a fall is no alarm. One thread owns it; a
 * value allocates nothing.
 */
public final class LossMonitor {
    /*
     * ADWIN sees slow and small rises, Page-Hinkley is quicker on some; each has half of the budget. Both need values
     * in [0, 1] with a bound that does not move: the first SETTLING losses tell mean and deviation, and from there on a
     * loss counts as its share of mean + 8 deviations, at most 1. After an alarm the level is another one, so it is
     * learned afresh; for that many rows the monitor is blind, and an alarm then would come right after an alarm.
     */
    private static final int SETTLING = 512;
    private static final double MAX_DEVIATIONS = 8;
    /** A larger loss has no say in what is usual. */
    private static final double LARGEST = 1e100;

    private final Adwin adwin;
    private final PageHinkley pageHinkley;
    private final LongRunVariance variance = new LongRunVariance();

    private long rows;
    private double settled;
    private double mean;
    private double squares;
    private double cap;
    private @Nullable DriftAlarm alarm;

    public LossMonitor(FalseAlarmBudget budget) {
        FalseAlarmBudget each = budget.share(2);
        this.adwin = new Adwin(each);
        this.pageHinkley = new PageHinkley(each);
    }

    /**
     * Takes in the loss of the next labelled row; true if it raises an alarm, which {@link #alarm()} then describes.
     *
     * @param loss at least 0, in nats or any other unit; an infinite one counts as a large one, NaN is passed over
     */
    public boolean observe(double loss) {
        if (Double.isNaN(loss)) {
            return false;
        }
        rows++;
        if (settled < SETTLING) {
            settle(loss);
            return false;
        }
        double value = Math.max(0, Math.min(1, loss / cap));
        variance.add(value);
        if (!variance.known()) {
            return false;
        }
        boolean cut = adwin.add(value, variance.value());
        boolean risen = pageHinkley.add(value, variance.value());
        if (cut && adwin.after() > adwin.before()) {
            sound(Detector.ADWIN, adwin.statistic() * cap, adwin.threshold() * cap, adwin.before(), adwin.after());
            return true;
        }
        if (risen) {
            sound(
                    Detector.PAGE_HINKLEY,
                    pageHinkley.statistic(),
                    pageHinkley.threshold(),
                    pageHinkley.before(),
                    pageHinkley.after());
            return true;
        }
        if (cut) { // The loss has fallen: a rise is one above the new level.
            pageHinkley.reset();
            variance.breakOff();
        }
        return false;
    }

    private void settle(double loss) {
        if (loss > LARGEST) {
            return;
        }
        settled++;
        double delta = loss - mean;
        mean += delta / settled;
        squares += delta * delta * (settled - 1) / settled;
        if (settled == SETTLING) {
            double last = cap;
            cap = Math.max(1 / LARGEST, mean + MAX_DEVIATIONS * Math.sqrt(squares / settled));
            if (last > 0) {
                variance.scale(last / cap);
            }
        }
    }

    private void sound(Detector detector, double statistic, double threshold, double before, double after) {
        alarm = new DriftAlarm(detector, "loss", rows, statistic, threshold, before * cap, after * cap);
        adwin.reset();
        pageHinkley.reset();
        variance.breakOff();
        settled = 0;
        mean = 0;
        squares = 0;
    }

    /** The last alarm; null if there was none since this monitor was made or restored. */
    public @Nullable DriftAlarm alarm() {
        return alarm;
    }

    /** For a checkpoint. */
    public double[] state() {
        StateNumbers out = new StateNumbers();
        out.put(rows).put(settled).put(mean).put(squares).put(cap);
        adwin.write(out);
        pageHinkley.write(out);
        variance.write(out);
        return out.toArray();
    }

    /**
     * Takes over what {@link #state()} gave.
     *
     * @throws IllegalArgumentException if it is no such state; the monitor is of no use then
     */
    public void restore(double[] state) {
        StateNumbers in = new StateNumbers(state);
        rows = (long) in.next();
        settled = in.nextInt(0, SETTLING);
        mean = in.next();
        squares = in.next();
        cap = in.next();
        adwin.read(in);
        pageHinkley.read(in);
        variance.read(in);
        in.end();
        alarm = null;
    }
}
