package io.headwater.actors.app.demo;

import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudSettings;
import io.headwater.join.Velocity;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocitySettings;
import java.util.List;

/** A region's payments one after the other, each with what its card and its terminal did before. One thread owns it. */
final class RegionPayments {
    /** What the model sees: numbers in the region's own units, and after them numbers that have none. */
    static final List<String> FEATURES = List.of(
            "amount",
            "night",
            "card_count_1d",
            "card_mean_amount_1d",
            "card_count_7d",
            "card_mean_amount_7d",
            "card_count_30d",
            "card_mean_amount_30d",
            "terminal_count_1d",
            "terminal_mean_amount_1d",
            "terminal_count_7d",
            "terminal_mean_amount_7d",
            "terminal_count_30d",
            "terminal_mean_amount_30d",
            "amount_to_card_mean_7d",
            "amount_to_card_mean_30d",
            "card_mean_1d_to_30d",
            "amount_to_terminal_mean_7d");

    static final List<String> OF_THE_CALENDAR = List.of("night");

    private static final int WINDOWS = 6;
    private static final int NIGHT = 2;

    private final Region region;
    private final FraudGenerator generator;
    private final VelocityFeatures features = new VelocityFeatures(VelocitySettings.DEFAULT);
    /** Terminals too are looked at as cards are, by all that is paid there: no feature waits for a label. */
    private final Velocity cards;

    private final Velocity terminals;
    private final float[] ofCard = new float[features.layout().numeric().size()];
    private final float[] ofTerminal = ofCard.clone();
    private final int windowsAt = features.layout().numeric().indexOf("card_count_1d");

    /**
     * A payment.
     *
     * @param values of {@link #FEATURES}
     */
    record Paid(Region region, long timeMs, int card, int terminal, float[] values, boolean fraud) {
        long labelMs() {
            return timeMs + region.labelDelay().toMillis();
        }
    }

    RegionPayments(Region region) {
        this.region = region;
        FraudSettings settings = region.payments();
        this.generator = new FraudGenerator(settings);
        this.cards = new Velocity(features, settings.customers(), 1);
        this.terminals = new Velocity(features, settings.terminals(), 1);
        generator.next();
    }

    /** When the payment to come is made, milliseconds since the epoch, UTC. */
    long timeMs() {
        return generator.timeMs() - region.aheadOfUtc().toMillis();
    }

    /** The payment to come; the one after it is to come then. */
    Paid take() {
        long timeMs = timeMs();
        float amount = generator.amount();
        cards.paid(generator.card(), 0, timeMs, amount, ofCard);
        terminals.paid(generator.terminal(), 0, timeMs, amount, ofTerminal);
        Paid paid =
                new Paid(region, timeMs, generator.card(), generator.terminal(), values(amount), generator.isFraud());
        generator.next();
        return paid;
    }

    private float[] values(float amount) {
        float[] values = new float[FEATURES.size()];
        values[0] = amount;
        values[1] = ofCard[NIGHT];
        System.arraycopy(ofCard, windowsAt, values, 2, WINDOWS);
        System.arraycopy(ofTerminal, windowsAt, values, 2 + WINDOWS, WINDOWS);
        int ratios = 2 + 2 * WINDOWS;
        // A count and a mean for each of 1, 7 and 30 days.
        values[ratios] = ratio(amount, ofCard[windowsAt + 3]);
        values[ratios + 1] = ratio(amount, ofCard[windowsAt + 5]);
        values[ratios + 2] = ratio(ofCard[windowsAt + 1], ofCard[windowsAt + 5]);
        values[ratios + 3] = ratio(amount, ofTerminal[windowsAt + 3]);
        return values;
    }

    /** A window holds the payment itself, so its mean is 0 only where the payments were of nothing. */
    private static float ratio(float amount, float mean) {
        return mean == 0 ? 1 : amount / mean;
    }
}
