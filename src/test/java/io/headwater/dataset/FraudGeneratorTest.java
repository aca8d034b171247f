package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FraudGeneratorTest {
    private static final LocalDate START = LocalDate.of(2024, 3, 4);
    private static final long START_MS =
            START.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    private static final long DAY_MS = 86_400_000;
    private static final FraudPattern NONE = new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, 0, 1, 0, 1, 0);

    private static FraudSettings settings(long seed, FraudPattern pattern, FraudSettings.Change... changes) {
        return new FraudSettings(400, 800, 10, seed, START, pattern, List.of(changes));
    }

    private record Payment(
            long number, int day, long timeMs, int card, int terminal, float amount, FraudScenario scenario) {}

    private static List<Payment> days(FraudSettings settings, int days) {
        FraudGenerator generator = new FraudGenerator(settings);
        List<Payment> payments = new ArrayList<>();
        for (generator.next(); generator.day() < days; generator.next()) {
            payments.add(new Payment(
                    generator.number(),
                    generator.day(),
                    generator.timeMs(),
                    generator.card(),
                    generator.terminal(),
                    generator.amount(),
                    generator.scenario()));
        }
        return payments;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void next_inOrderAndWithinItsDay(long seed) {
        List<Payment> payments = days(settings(seed, FraudPattern.HANDBOOK), 40);

        long before = 0;
        for (int i = 0; i < payments.size(); i++) {
            Payment payment = payments.get(i);
            assertThat(payment.number()).isEqualTo(i);
            assertThat(payment.timeMs()).isGreaterThanOrEqualTo(before);
            assertThat((payment.timeMs() - START_MS) / DAY_MS).isEqualTo(payment.day());
            assertThat(payment.amount()).isNotNegative();
            before = payment.timeMs();
        }
        // Two a day and card, of which 3 % fall outside of their day.
        assertThat(payments.size() / (400. * 40)).isCloseTo(1.94, within(.15));
    }

    @Test
    void next_sameSeedSameStream_otherSeedAnother() {
        assertThat(days(settings(7, FraudPattern.HANDBOOK), 20))
                .isEqualTo(days(settings(7, FraudPattern.HANDBOOK), 20))
                .isNotEqualTo(days(settings(8, FraudPattern.HANDBOOK), 20));
    }

    @Test
    void next_habitsOfAnotherRegion() {
        SpendingHabits habits = new SpendingHabits(1, 20, 8);
        FraudSettings elsewhere = new FraudSettings(400, 800, 10, 1, START, habits, NONE, List.of());

        List<Payment> payments = days(elsewhere, 20);

        // Four a day and card, of 10.5 on average.
        assertThat(payments.size() / (400. * 20)).isCloseTo(3.9, within(.3));
        assertThat(payments.stream().mapToDouble(Payment::amount).average().orElse(0))
                .isCloseTo(10.7, within(1.));
        assertThatThrownBy(() -> new SpendingHabits(20, 1, 8)).hasMessageContaining("20.0 and 1.0");
        assertThatThrownBy(() -> new SpendingHabits(1, 20, 31)).hasMessageContaining("31");
    }

    @Test
    void next_customersPayNearHome() {
        List<Payment> payments = days(settings(1, NONE), 60);
        long terminals = payments.stream()
                .filter(payment -> payment.card() == payments.get(0).card())
                .map(Payment::terminal)
                .distinct()
                .count();

        // A circle of radius 10 holds about 25 of 800 terminals.
        assertThat(terminals).isBetween(5L, 50L);
        assertThat(payments.stream().map(Payment::terminal).distinct().count()).isGreaterThan(700);
    }

    @Test
    void amountAbove_isFraud() {
        FraudPattern pattern = new FraudPattern(150, 0, 1, 0, 1, 0, 1, 0);
        List<Payment> payments = days(settings(1, pattern), 40);

        assertThat(payments)
                .allMatch(payment -> (payment.scenario() == FraudScenario.AMOUNT) == payment.amount() > 150)
                .anyMatch(payment -> payment.scenario() == FraudScenario.AMOUNT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void compromisedTerminal_allItsPaymentsForSoManyDays(long seed) {
        // One terminal in four days, for 20 days.
        FraudPattern pattern = new FraudPattern(Double.POSITIVE_INFINITY, .25, 20, 0, 1, 0, 1, 0);
        List<Payment> payments = days(settings(seed, pattern), 400);

        int[] days = new int[800];
        for (int terminal = 0; terminal < days.length; terminal++) {
            int first = -1;
            int until = -1;
            int fraudDays = 0;
            for (Payment payment : payments) {
                if (payment.terminal() == terminal && payment.scenario() == FraudScenario.TERMINAL) {
                    first = first < 0 ? payment.day() : first;
                    until = payment.day();
                }
            }
            for (Payment payment : payments) {
                if (payment.terminal() == terminal && payment.day() >= first && payment.day() <= until && first >= 0) {
                    fraudDays += payment.scenario() == FraudScenario.TERMINAL ? 1 : 0;
                    days[terminal]++;
                }
            }
            // Unless it was compromised twice, all that lies between its first and its last fraud is fraud.
            if (until - first < 20) {
                assertThat(fraudDays).isEqualTo(days[terminal]);
            }
        }
        long compromised = Arrays.stream(days).filter(n -> n > 0).count();
        assertThat(compromised).isBetween(60L, 130L);
    }

    @Test
    void compromisedCard_aShareOfItsPaymentsForSoManyDays() {
        FraudPattern honest = new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, 2, 14, 1 / 3., 1, 0);
        FraudPattern greedy = new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, 2, 14, 1 / 3., 5, 0);
        List<Payment> same = days(settings(1, honest), 200);
        List<Payment> more = days(settings(1, greedy), 200);

        long frauds = same.stream()
                .filter(payment -> payment.scenario() == FraudScenario.CARD)
                .count();
        // Two cards a day for 14 days each: a share of 28 / 400 of all cards is stolen, less where twice.
        assertThat(3. * frauds / same.size()).isCloseTo(1 - Math.exp(-28 / 400.), within(.015));
        for (int i = 0; i < same.size(); i++) {
            double factor = same.get(i).scenario() == FraudScenario.CARD ? 5 : 1;
            assertThat(more.get(i).amount())
                    .isCloseTo((float) (factor * same.get(i).amount()), within(.03f));
        }
    }

    @Test
    void cardAtNight_aShareOfThieves_someCardsAlwaysAtNightAndSomeNever() {
        FraudPattern pattern = new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, 4, 14, 1, 1, .5);

        List<Payment> stolen = days(settings(1, pattern), 13).stream()
                .filter(payment -> payment.scenario() == FraudScenario.CARD)
                .toList();

        double atNight = stolen.stream()
                        .filter(payment -> (payment.timeMs() - START_MS) % DAY_MS < DAY_MS / 4)
                        .count()
                / (double) stolen.size();
        // Half of them, and of the others those whose owner pays before six too.
        assertThat(atNight).isCloseTo(.56, within(.12));
    }

    @Test
    void cardAtNight_thievesBuyBetweenMidnightAndSix() {
        FraudPattern pattern = new FraudPattern(Double.POSITIVE_INFINITY, 0, 1, 4, 14, 1, 1, 1);
        List<Payment> payments = days(settings(1, pattern), 60);

        assertThat(payments)
                .filteredOn(payment -> payment.scenario() == FraudScenario.CARD)
                .hasSizeGreaterThan(500)
                .allMatch(payment -> (payment.timeMs() - START_MS) % DAY_MS < DAY_MS / 4);
    }

    @Test
    void change_fromItsDayOn() {
        FraudPattern all = new FraudPattern(1e-9, 0, 1, 0, 1, 0, 1, 0);
        List<Payment> payments = days(settings(1, NONE, new FraudSettings.Change(10, all)), 20);

        assertThat(payments)
                .allMatch(payment ->
                        (payment.scenario() == FraudScenario.AMOUNT) == (payment.day() >= 10 && payment.amount() > 0));
    }

    @Test
    void new_noTerminalNear_isRefused() {
        FraudSettings lonely = new FraudSettings(2, 2, 1e-6, 1, START, NONE, List.of());

        assertThatThrownBy(() -> new FraudGenerator(lonely)).hasMessageContaining("radius");
    }

    @Test
    void settings_changesOutOfOrder_areRefused() {
        assertThatThrownBy(
                        () -> settings(1, NONE, new FraudSettings.Change(10, NONE), new FraudSettings.Change(10, NONE)))
                .hasMessageContaining("10");
    }
}
