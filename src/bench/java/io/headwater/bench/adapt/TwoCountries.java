package io.headwater.bench.adapt;

import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.dataset.SpendingHabits;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureSchema;
import io.headwater.join.Velocity;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocitySettings;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The payments of the shift demo, in memory: those of home, whose labels come after a week, and of a target, whose labels
 * come after two. The same seed gives the events, the labels and the order that the demo sends.
 */
final class TwoCountries {
    static final String HOME = "home";

    /** Numbers in the region's own units, and after them ratios. */
    private static final List<String> FIELDS = Stream.concat(
                    Stream.concat(Stream.of("amount", "night"), Stream.concat(windows("card"), windows("terminal"))),
                    Stream.of(
                            "amount_to_card_mean_7d",
                            "amount_to_card_mean_30d",
                            "card_mean_1d_to_30d",
                            "amount_to_terminal_mean_7d"))
            .toList();

    static final FeatureSchema SCHEMA = new FeatureSchema(new EventLayout(FIELDS, List.of()), true, true, 1_024);

    private static final LocalDate START = LocalDate.of(2026, 1, 1);
    private static final Duration WARM = Duration.ofDays(14);
    private static final Duration SOURCE = Duration.ofDays(14);
    private static final Duration HOME_LATE = Duration.ofDays(7);
    private static final Duration TARGET_LATE = Duration.ofDays(14);
    private static final int WINDOWS = 6;

    /** A payment and when its label is due. */
    record Payment(LabeledExample example, long labelMs) {
        long timeMs() {
            return example.event().timeMs();
        }

        boolean isTarget() {
            return !example.event().domain().equals(HOME);
        }
    }

    /** A payment as it is made, or as its label comes. */
    record Item(boolean isLabel, Payment payment) {
        long atMs() {
            return isLabel ? payment.labelMs() : payment.timeMs();
        }
    }

    /** One country's payments in their order. */
    private static final class Country {
        private final String name;
        private final FraudGenerator generator;
        private final long aheadMs;
        private final long lateMs;
        private final VelocityFeatures features = new VelocityFeatures(VelocitySettings.DEFAULT);
        private final Velocity cards;
        private final Velocity terminals;
        private final float[] ofCard = new float[features.layout().numeric().size()];
        private final float[] ofTerminal = ofCard.clone();
        private final int windowsAt = features.layout().numeric().indexOf("card_count_1d");
        private long next;

        Country(String name, FraudSettings settings, Duration ahead, Duration late) {
            this.name = name;
            this.generator = new FraudGenerator(settings);
            this.aheadMs = ahead.toMillis();
            this.lateMs = late.toMillis();
            this.cards = new Velocity(features, settings.customers(), 1);
            this.terminals = new Velocity(features, settings.terminals(), 1);
            generator.next();
        }

        long timeMs() {
            return generator.timeMs() - aheadMs;
        }

        /** Those made before a time, and after them the one to come is the first since. */
        List<Payment> until(long endMs) {
            List<Payment> payments = new ArrayList<>();
            while (timeMs() < endMs) {
                payments.add(take());
            }
            return payments;
        }

        private Payment take() {
            long timeMs = timeMs();
            float amount = generator.amount();
            cards.paid(generator.card(), 0, timeMs, amount, ofCard);
            terminals.paid(generator.terminal(), 0, timeMs, amount, ofTerminal);
            float[] values = new float[FIELDS.size()];
            values[0] = amount;
            values[1] = ofCard[features.layout().numeric().indexOf("night")];
            System.arraycopy(ofCard, windowsAt, values, 2, WINDOWS);
            System.arraycopy(ofTerminal, windowsAt, values, 2 + WINDOWS, WINDOWS);
            int ratios = 2 + 2 * WINDOWS;
            values[ratios] = ratio(amount, ofCard[windowsAt + 3]);
            values[ratios + 1] = ratio(amount, ofCard[windowsAt + 5]);
            values[ratios + 2] = ratio(ofCard[windowsAt + 1], ofCard[windowsAt + 5]);
            values[ratios + 3] = ratio(amount, ofTerminal[windowsAt + 3]);
            Event event =
                    new Event(name + next++, timeMs, values, new @Nullable String[0], new @Nullable String[0], name);
            Label label = new Label(generator.isFraud() ? 1 : 0, timeMs + lateMs);
            generator.next();
            return new Payment(new LabeledExample(event, label), timeMs + lateMs);
        }

        private static float ratio(float amount, float mean) {
            return mean == 0 ? 1 : amount / mean;
        }
    }

    private final List<LabeledExample> source = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final long firstTargetLabelMs;

    /** @param days of the stream */
    TwoCountries(long seed, int days) {
        Country home = new Country(HOME, home(seed), Duration.ZERO, HOME_LATE);
        Country abroad = new Country("abroad", abroad(seed), Duration.ofHours(9), TARGET_LATE);
        long zeroMs = START.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        long beginMs = zeroMs + WARM.plus(SOURCE).plus(HOME_LATE).toMillis();
        long endMs = beginMs + Duration.ofDays(days).toMillis();
        home.until(beginMs - HOME_LATE.plus(SOURCE).toMillis());
        home.until(beginMs - HOME_LATE.toMillis()).forEach(payment -> source.add(payment.example()));
        abroad.until(beginMs);
        this.firstTargetLabelMs = abroad.timeMs() + TARGET_LATE.toMillis();
        List<Payment> all = new ArrayList<>(home.until(endMs));
        all.addAll(abroad.until(endMs));
        for (Payment payment : all) {
            if (payment.timeMs() >= beginMs) {
                items.add(new Item(false, payment));
            }
            if (payment.labelMs() < endMs) {
                items.add(new Item(true, payment));
            }
        }
        // Stable: of two payments in the same second home's comes first.
        items.sort(Comparator.comparingLong(Item::atMs)
                .thenComparing(item -> !item.isLabel())
                .thenComparingLong(item -> item.payment().timeMs()));
    }

    private static Stream<String> windows(String of) {
        return Stream.of("1d", "7d", "30d")
                .flatMap(days -> Stream.of(of + "_count_" + days, of + "_mean_amount_" + days));
    }

    private static FraudSettings home(long seed) {
        return country(500, 1_000, 5, 2 * seed, new SpendingHabits(40, 60, 4));
    }

    private static FraudSettings abroad(long seed) {
        return country(450, 250, 10, 2 * seed + 1, new SpendingHabits(1, 100, 6));
    }

    private static FraudSettings country(
            int customers, int terminals, double radius, long seed, SpendingHabits habits) {
        FraudPattern oneCard = new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, .012, 14, 1 / 3., 3, .3);
        return new FraudSettings(
                customers, terminals, radius, seed, START, habits, oneCard.scaled(0, customers), List.of());
    }

    /** Home's labelled payments of the two weeks that are known when the stream begins. */
    List<LabeledExample> source() {
        return source;
    }

    /** The stream in its order. */
    List<Item> items() {
        return items;
    }

    /** When the first label of the target is due. */
    long firstTargetLabelMs() {
        return firstTargetLabelMs;
    }
}
