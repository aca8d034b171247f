package io.headwater.dataset;

/**
 * How the customers of a {@link FraudGenerator} spend; each has a mean amount and a number of payments a day of its own,
 * evenly spread between the bounds.
 *
 * @param leastMeanAmount in the region's currency
 * @param mostMeanAmount likewise
 * @param mostPerDay payments in a day, on average; some customers hardly pay at all
 */
public record SpendingHabits(double leastMeanAmount, double mostMeanAmount, double mostPerDay) {
    /** As the Fraud Detection Handbook sets them (chapter 3, "Transaction data simulator"). */
    public static final SpendingHabits HANDBOOK = new SpendingHabits(5, 100, 4);

    private static final double MOST = 30;

    public SpendingHabits {
        if (!(leastMeanAmount > 0 && leastMeanAmount < mostMeanAmount && Double.isFinite(mostMeanAmount))) {
            throw new IllegalArgumentException("mean amounts lie between two positive ones, not between "
                    + leastMeanAmount + " and " + mostMeanAmount);
        }
        if (!(mostPerDay > 0 && mostPerDay <= MOST)) {
            throw new IllegalArgumentException(
                    "payments a day are above 0 and " + MOST + " at most, not " + mostPerDay);
        }
    }
}
