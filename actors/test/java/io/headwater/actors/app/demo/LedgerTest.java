package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final long LABEL_MS = 5_000;

    private final Ledger ledger = new Ledger(.25, Ledger.Settled.NOBODY, 8);

    private void send(long slot) {
        ledger.predicted(slot, 1f, 2f);
        ledger.sending(slot, 1_000_000);
        ledger.sent(slot);
    }

    private void score(long slot) {
        ledger.scored(slot, .75f, LABEL_MS - 1, 3_000_000);
    }

    private void label(long slot, boolean label) {
        ledger.sendingLabel(slot, label, LABEL_MS);
        ledger.labeled(slot);
    }

    @Test
    void counts_lostAndDuplicatedPerEvent() throws InterruptedException {
        send(3);
        send(4);
        send(5);
        score(3);
        score(5);
        score(5);
        score(5);

        assertThat(ledger.counts()).isEqualTo(new Ledger.Counts(3, 0, 2, 1, 1, 0));
        assertThat(ledger.awaitScored(Duration.ofMillis(1))).isFalse();
        score(4);
        assertThat(ledger.awaitScored(Duration.ofMillis(1))).isTrue();
        assertThat(ledger.counts().lost()).isZero();
    }

    @Test
    void counts_scoreBeforeTheBrokersAcknowledgement_isNotLost() {
        ledger.sending(3, 0);
        score(3);
        assertThat(ledger.counts().sent()).isZero();

        ledger.sent(3);

        assertThat(ledger.counts()).isEqualTo(new Ledger.Counts(1, 0, 1, 0, 0, 0));
    }

    @Test
    void standing_onceScoreAndLabelAreThere_inEitherOrder() {
        send(3);
        score(3);
        assertThat(ledger.standing().events()).isZero();
        label(3, true);
        send(4);
        label(4, false);
        assertThat(ledger.standing().events()).isEqualTo(1);
        score(4);

        assertThat(ledger.standing().events()).isEqualTo(2);
        assertThat(ledger.standing().adaptive().logLoss())
                .isCloseTo(-(Math.log(.75) + Math.log(.25)) / 2, within(1e-9));
        assertThat(ledger.counts().scoredAfterLabel()).isZero();
    }

    @Test
    void standing_scoreMadeAfterTheLabel_isLeftOut() {
        send(3);
        label(3, true);
        ledger.scored(3, .9f, LABEL_MS + 1, 3_000_000);

        assertThat(ledger.standing().events()).isZero();
        assertThat(ledger.counts().scoredAfterLabel()).isEqualTo(1);
        assertThat(ledger.counts().lost()).isZero();
    }

    @Test
    void standing_rowOverwritten_leavesTheCountsWhole() {
        for (int slot = 0; slot < 20; slot++) {
            send(slot);
        }
        for (int slot = 0; slot < 20; slot++) {
            score(slot);
            label(slot, slot % 2 == 0);
        }

        assertThat(ledger.standing().events()).isEqualTo(8);
        assertThat(ledger.counts()).isEqualTo(new Ledger.Counts(20, 20, 20, 0, 0, 0));
    }

    @Test
    void scoreLatency_fromSendingToVisible() {
        assertThat(ledger.scoreLatencyMs()).isEqualTo(Ledger.Quantiles.UNKNOWN);
        send(3);
        score(3);

        assertThat(ledger.scoreLatencyMs().p50()).isCloseTo(2, within(.01));
        assertThat(ledger.scoreLatencyMs().p99()).isCloseTo(2, within(.01));
    }

    @Test
    void frozenLogit_onlyWhileTheRowIsThere() {
        send(3);
        assertThat(ledger.frozenLogit(3)).isEqualTo(1);
        send(3 + 8);
        assertThat(ledger.frozenLogit(3)).isNaN();
    }

    @Test
    void sentWithoutLabel_andNextSlot() {
        send(3);
        send(4);
        label(3, true);

        assertThat(ledger.sentWithoutLabel(0)).containsExactly(4);
        assertThat(ledger.sentWithoutLabel(2)).containsExactly(0, 1, 4);
        assertThat(ledger.nextSlot()).isEqualTo(5);
    }
}
