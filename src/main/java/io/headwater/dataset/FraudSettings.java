package io.headwater.dataset;

import java.time.LocalDate;
import java.util.List;

/**
 * What a {@link FraudGenerator} generates.
 *
 * @param customers how many cards there are
 * @param terminals how many places to pay at
 * @param radius how far from home a customer pays, in a square of 100 by 100
 * @param seed fixes every random choice
 * @param start the first day, from midnight UTC
 * @param habits how customers spend
 * @param pattern how fraud is committed from the first day on
 * @param changes how that changes, in ascending days
 */
public record FraudSettings(
        int customers,
        int terminals,
        double radius,
        long seed,
        LocalDate start,
        SpendingHabits habits,
        FraudPattern pattern,
        List<Change> changes) {
    private static final int MOST = 1 << 20;

    /**
     * A new pattern: cards and terminals compromised before stay so for as long as was meant then.
     *
     * @param fromDay the first day of the new pattern, counted from 0
     */
    public record Change(int fromDay, FraudPattern pattern) {}

    public FraudSettings {
        check(customers, "customers");
        check(terminals, "terminals");
        if (!(radius > 0)) {
            throw new IllegalArgumentException("a radius is above 0, not " + radius);
        }
        changes = List.copyOf(changes);
        for (int i = 0; i < changes.size(); i++) {
            int after = i == 0 ? 0 : changes.get(i - 1).fromDay();
            if (changes.get(i).fromDay() <= after) {
                throw new IllegalArgumentException(
                        "a pattern changes on day " + changes.get(i).fromDay() + "; allowed are days after " + after);
            }
        }
    }

    private static void check(int count, String what) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(what + " are 1 to " + MOST + ", not " + count);
        }
    }

    /** Of customers who spend as the Handbook's do. */
    public FraudSettings(
            int customers,
            int terminals,
            double radius,
            long seed,
            LocalDate start,
            FraudPattern pattern,
            List<Change> changes) {
        this(customers, terminals, radius, seed, start, SpendingHabits.HANDBOOK, pattern, changes);
    }

    /** The size and the days of the data set that the Fraud Detection Handbook publishes. */
    public static FraudSettings handbook(long seed) {
        return new FraudSettings(5_000, 10_000, 5, seed, LocalDate.of(2018, 4, 1), FraudPattern.HANDBOOK, List.of());
    }

    /** The pattern of a day. */
    FraudPattern pattern(int day) {
        FraudPattern found = pattern;
        for (Change change : changes) {
            if (change.fromDay <= day) {
                found = change.pattern;
            }
        }
        return found;
    }
}
