package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DailyAlertsTest {
    private static final int CARDS = 400;
    private static final int MOVED = 3;

    private final DailyAlerts alerts = new DailyAlerts(CARDS, MOVED);
    private long slot;

    /** A payment of each card; the first {@code stolen} are stolen. */
    private void day(int day, int stolen, boolean frozenKnows) {
        for (int card = 0; card < CARDS; card++) {
            boolean fraud = card < stolen;
            pay(day, card, fraud ? .9f : .1f, fraud == frozenKnows ? 1 : -1, fraud);
        }
    }

    private void pay(int day, int card, float probability, float frozenLogit, boolean fraud) {
        alerts.paid(slot, card, day);
        alerts.settled(slot, probability, frozenLogit, frozenLogit - 2, fraud);
        slot++;
    }

    @Test
    void report_shareOfTheTopCardsThatAreStolen_overWholeDays() {
        day(0, 40, true);
        assertThat(alerts.report().days()).isZero();
        assertThat(alerts.report().adaptive().cardPrecision()).isNaN();
        pay(1, 0, .1f, 0, false);

        DailyAlerts.Report report = alerts.report();
        assertThat(report.days()).isEqualTo(1);
        assertThat(report.events()).isEqualTo(CARDS + 1);
        assertThat(report.adaptive().cardPrecision()).isCloseTo(.4, within(1e-9));
        assertThat(report.adaptive().alertsPerDay()).isEqualTo(40);
        assertThat(report.frozen().cardPrecision()).isCloseTo(.4, within(1e-9));
        assertThat(report.frozenRunningIntercept().alertsPerDay()).isZero();
    }

    @Test
    void report_modelThatRanksThemLast_findsNone() {
        day(0, 40, false);
        pay(1, 0, .1f, 0, false);

        assertThat(alerts.report().adaptive().cardPrecision()).isCloseTo(.4, within(1e-9));
        assertThat(alerts.report().frozen().cardPrecision()).isZero();
    }

    @Test
    void report_highestPaymentOfACardCounts() {
        day(0, 0, true);
        pay(0, 7, .99f, 5, true);
        pay(0, 7, .01f, -5, false);
        pay(1, 0, .1f, 0, false);

        assertThat(alerts.report().adaptive().cardPrecision()).isCloseTo(.01, within(1e-9));
        assertThat(alerts.report().adaptive().alertsPerDay()).isEqualTo(1);
    }

    @Test
    void report_foundCard_isLeftOutForAWeek() {
        for (int day = 0; day < 9; day++) {
            day(day, 10, true);
        }
        pay(9, 0, .1f, 0, false);

        // Found on day 0, blocked on days 1 to 7, found again on day 8.
        assertThat(alerts.report().days()).isEqualTo(9);
        assertThat(alerts.report().adaptive().cardPrecision()).isCloseTo(2 * .1 / 9, within(1e-9));
    }

    @Test
    void sinceMove_daysOfTheNewPatternOnly() {
        for (int day = 0; day < 5; day++) {
            day(day, 10 * (day + 1), true);
        }
        pay(5, 0, .1f, 0, false);

        assertThat(alerts.sinceMove().days()).isEqualTo(2);
        assertThat(alerts.sinceMove().events()).isEqualTo(2 * CARDS + 1);
        // Of the 40 and 50 stolen cards, those found earlier are blocked: ten new ones a day.
        assertThat(alerts.sinceMove().adaptive().cardPrecision()).isCloseTo(.1, within(1e-9));
    }

    @Test
    void settled_unknownOrOfAClosedDay_isPassedOver() {
        day(0, 10, true);
        day(1, 10, true);
        long before = alerts.report().events();
        alerts.settled(0, .9f, 1, 1, true);
        alerts.settled(1_000_000, .9f, 1, 1, true);

        assertThat(alerts.report().events()).isEqualTo(before);
    }
}
