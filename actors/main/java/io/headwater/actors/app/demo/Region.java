package io.headwater.actors.app.demo;

import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.dataset.SpendingHabits;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/**
 * A country of the shift scenario: who pays there, how unlike each other they are, at what hours, and how late it is known
 * what was fraud.
 *
 * @param name the domain of its payments
 * @param payments customers, terminals and fraud; its days are local ones
 * @param aheadOfUtc what the local clock shows more than UTC
 * @param labelDelay from a payment to its label
 */
record Region(String name, FraudSettings payments, Duration aheadOfUtc, Duration labelDelay) {
    /*
     * What differs is what differs between countries, and not what fraud is: everywhere a thief makes a third of a stolen
     * card's payments for two weeks, of three times what its owner spends, a third of the thieves buy at night, and the
     * same share of cards is stolen. At home all spend about as much, so that an amount says as much as its ratio to the
     * card's own mean; abroad the ratio alone does, and night is at other hours of UTC.
     */
    static final String HOME = "home";

    private static final LocalDate START = LocalDate.of(2026, 1, 1);
    private static final double STOLEN_A_DAY = .012;
    private static final FraudPattern ONE_CARD =
            new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, STOLEN_A_DAY, 14, 1 / 3., 3, .3);

    /** Whether its labels come late, and no source example is of it. */
    boolean isTarget() {
        return !name.equals(HOME);
    }

    /** Where the source examples are from. */
    static Region home(long seed) {
        int customers = 500;
        return new Region(
                HOME,
                new FraudSettings(
                        customers,
                        1_000,
                        5,
                        2 * seed,
                        START,
                        new SpendingHabits(40, 60, 4),
                        ONE_CARD.scaled(0, customers),
                        List.of()),
                Duration.ZERO,
                Duration.ofDays(7));
    }

    /** Nine hours ahead, rich and poor, fewer shops and more visits to them. */
    static Region abroad(long seed) {
        int customers = 450;
        return new Region(
                "abroad",
                new FraudSettings(
                        customers,
                        250,
                        10,
                        2 * seed + 1,
                        START,
                        new SpendingHabits(1, 100, 6),
                        ONE_CARD.scaled(0, customers),
                        List.of()),
                Duration.ofHours(9),
                Duration.ofDays(14));
    }
}
