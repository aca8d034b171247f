package io.headwater.dataset;

/**
 * How fraud is committed in a {@link FraudGenerator}'s stream, until it changes.
 *
 * @param amountAbove a purchase above this amount is fraud by itself; infinite for none
 * @param terminalsPerDay terminals newly compromised in a day, on average; all that is paid there is fraud ...
 * @param terminalDays ... for so many days
 * @param cardsPerDay cards newly compromised in a day, on average; for the next ...
 * @param cardDays ... so many days ...
 * @param cardShare ... this share of the card's purchases is the thief's, and fraud
 * @param cardFactor by which the thief spends more than the card's owner; below 1 for less
 * @param cardAtNight share of the thieves who buy between midnight and six alone; the others at the owner's hours
 */
public record FraudPattern(
        double amountAbove,
        double terminalsPerDay,
        int terminalDays,
        double cardsPerDay,
        int cardDays,
        double cardShare,
        double cardFactor,
        double cardAtNight) {
    /**
     * The three scenarios of the Fraud Detection Handbook (Le Borgne, Siblini, Lebichot and Bontempi, 2022, chapter 3),
     * as it sets them for 5,000 customers and 10,000 terminals.
     */
    public static final FraudPattern HANDBOOK = new FraudPattern(220, 2, 28, 3, 14, 1 / 3., 5, 0);

    public FraudPattern {
        check(amountAbove > 0, "an amount", amountAbove);
        check(terminalsPerDay >= 0 && terminalsPerDay < Integer.MAX_VALUE, "terminals per day", terminalsPerDay);
        check(terminalDays >= 1, "terminal days", terminalDays);
        check(cardsPerDay >= 0 && cardsPerDay < Integer.MAX_VALUE, "cards per day", cardsPerDay);
        check(cardDays >= 1, "card days", cardDays);
        check(cardShare >= 0 && cardShare <= 1, "a share of purchases", cardShare);
        check(cardAtNight >= 0 && cardAtNight <= 1, "a share of thieves", cardAtNight);
        check(cardFactor > 0 && Double.isFinite(cardFactor), "a factor", cardFactor);
    }

    private static void check(boolean allowed, String what, double value) {
        if (!allowed) {
            throw new IllegalArgumentException(what + " of a fraud pattern cannot be " + value);
        }
    }

    /** The same habits in a population of another size: so many times as many terminals and cards in a day. */
    public FraudPattern scaled(double terminals, double cards) {
        return new FraudPattern(
                amountAbove,
                terminalsPerDay * terminals,
                terminalDays,
                cardsPerDay * cards,
                cardDays,
                cardShare,
                cardFactor,
                cardAtNight);
    }
}
