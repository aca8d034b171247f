package io.headwater.join;

import io.headwater.event.EventLayout;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model sees of a card payment: its amount, flags of its time, and what its card and its terminal did before. The
 * numbers have the Fraud Detection Handbook's meaning (chapter 3, "Baseline feature transformation"): a card's windows
 * count the payment itself, a terminal's hold labelled payments alone and end a label delay ago.
 */
public final class VelocityFeatures {
    /** Features that go round with the calendar: that they change says nothing of payments. */
    public static final List<String> OF_THE_CALENDAR = List.of("weekend", "night");

    private static final List<String> OWN = List.of("amount", "weekend", "night");
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    /** The hours 0 to 6 are night. */
    private static final int LAST_NIGHT_HOUR = 6;
    /** The epoch began on a Thursday. */
    private static final int EPOCH_WEEKDAY = DayOfWeek.THURSDAY.getValue() - 1;

    private final VelocitySettings settings;
    private final long[] windowsMs;
    private final EventLayout layout;

    public VelocityFeatures(VelocitySettings settings) {
        this.settings = settings;
        this.windowsMs = settings.windowsMs();
        List<String> names = new ArrayList<>(OWN);
        for (String window : settings.names()) {
            names.add("card_count_" + window);
            names.add("card_mean_amount_" + window);
        }
        for (String window : settings.names()) {
            names.add("terminal_count_" + window);
            names.add("terminal_risk_" + window);
        }
        this.layout = new EventLayout(names, List.of());
    }

    /** The fields of an event with all features; each is a number, in slot order. */
    public EventLayout layout() {
        return layout;
    }

    public VelocitySettings settings() {
        return settings;
    }

    int width() {
        return layout.numeric().size();
    }

    /** Where the card's features begin, and after them the terminal's. */
    int cardAt() {
        return OWN.size();
    }

    int terminalAt() {
        return OWN.size() + 2 * windowsMs.length;
    }

    /** Takes the payment into its card's log and fills in all but what is known of the terminal. */
    void card(VelocityLog card, long timeMs, float amount, float[] out) {
        out[0] = amount;
        out[1] = Math.floorMod(Math.floorDiv(timeMs, DAY_MS) + EPOCH_WEEKDAY, 7L) >= 5 ? 1 : 0;
        out[2] = Math.floorMod(timeMs, DAY_MS) / HOUR_MS <= LAST_NIGHT_HOUR ? 1 : 0;
        card.forget(timeMs - settings.cardRetentionMs());
        card.add(timeMs, amount);
        card.read(timeMs, windowsMs, out, cardAt());
    }

    /** Fills in what is known of the terminal when a payment is made there. */
    void terminal(VelocityLog terminal, long timeMs, float[] out) {
        terminal.read(timeMs - settings.labelDelay().toMillis(), windowsMs, out, terminalAt());
    }

    /** Takes in the label of a payment that was made at {@code timeMs}. */
    void confirmed(VelocityLog terminal, long timeMs, boolean fraud) {
        terminal.forget(timeMs - settings.terminalRetentionMs());
        terminal.add(timeMs, fraud ? 1 : 0);
    }
}
