package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherModelsTest {
    private final Ledger ledger = new Ledger(.1);
    private final List<Long> heard = new ArrayList<>();
    private final OtherModels.Scores scores = new OtherModels.Scores(ledger, (slot, probability) -> heard.add(slot));

    @Test
    void scored_twice_countsAsDuplicatedAndIsToldOnce() {
        scores.scored(3, .5f, 0, 0);
        scores.scored(3, .5f, 0, 0);
        scores.scored(3, .5f, 0, 0);

        assertThat(scores.duplicated()).isEqualTo(1);
        assertThat(heard).containsExactly(3L);
    }

    @Test
    void lost_isWhatWasSentAndNotScored() throws InterruptedException {
        ledger.sent(1);
        ledger.sent(2);
        scores.scored(2, .5f, 0, 0);
        assertThat(scores.lost()).isEqualTo(1);
        assertThat(scores.awaitAll(Duration.ofMillis(5))).isFalse();

        scores.scored(1, .5f, 0, 0);

        assertThat(scores.lost()).isZero();
        assertThat(scores.awaitAll(Duration.ZERO)).isTrue();
    }
}
