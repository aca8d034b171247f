package io.headwater.drift;

/**
 * The one setting of drift detection: where nothing changes, at most one alarm in so many events, on average.
 *
 * @param eventsPerAlarm at least 1,000
 */
public record FalseAlarmBudget(double eventsPerAlarm) {
    /*
     * Each detector turns its share into a threshold by a bound or an approximation that its class names. Detectors
     * that watch the same stream divide the budget: by the union bound their rates add up to no more than the whole,
     * however much they depend on each other.
     */
    public static final double DEFAULT_EVENTS = 100_000;

    private static final double MIN_EVENTS = 1_000;

    public FalseAlarmBudget {
        if (!(eventsPerAlarm >= MIN_EVENTS) || Double.isInfinite(eventsPerAlarm)) {
            throw new IllegalArgumentException(
                    "a false-alarm budget is one alarm in 1000 events or more, not in " + eventsPerAlarm);
        }
    }

    public static FalseAlarmBudget byDefault() {
        return new FalseAlarmBudget(DEFAULT_EVENTS);
    }

    /** What each of {@code detectors} equal claimants may spend. */
    public FalseAlarmBudget share(int detectors) {
        if (detectors < 1) {
            throw new IllegalArgumentException("a budget has at least 1 claimant, not " + detectors);
        }
        return new FalseAlarmBudget(eventsPerAlarm * detectors);
    }

    /** How likely a test may err that is made once in {@code events} events. */
    public double chance(double events) {
        return Math.min(0.5, events / eventsPerAlarm);
    }
}
