package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void standing_knownValues() {
        Comparison comparison = new Comparison(.25);
        comparison.add(.8f, 0f, 2f, true);
        comparison.add(.4f, 1f, -2f, false);

        Standing standing = comparison.standing();

        assertThat(standing.events()).isEqualTo(2);
        assertThat(standing.adaptive().rocAuc()).isEqualTo(1);
        assertThat(standing.adaptive().logLoss()).isCloseTo(-(Math.log(.8) + Math.log(.6)) / 2, within(1e-7));
        assertThat(standing.frozen().rocAuc()).isEqualTo(0);
        assertThat(standing.frozen().logLoss()).isCloseTo((Math.log(2) + Math.log(1 + Math.E)) / 2, within(1e-9));
        assertThat(standing.frozenRunningIntercept().logLoss()).isCloseTo(Math.log(1 + Math.exp(-2)), within(1e-9));
        assertThat(standing.constantRate().rocAuc()).isEqualTo(.5);
        assertThat(standing.constantRate().logLoss()).isCloseTo(-(Math.log(.25) + Math.log(.75)) / 2, within(1e-9));
        assertThat(standing.adaptive().calibrationError()).isCloseTo((.2 + .4) / 2, within(1e-7));
        assertThat(standing.frozen().calibrationError()).isCloseTo((.5 + 1 / (1 + Math.exp(-1))) / 2, within(1e-7));
        assertThat(standing.constantRate().calibrationError()).isCloseTo(.25, within(1e-7));
    }

    @Test
    void standing_certainAndWrong_isClipped() {
        Comparison comparison = new Comparison(.25);
        comparison.add(1f, 1e9f, -1e9f, false);

        assertThat(comparison.standing().adaptive().logLoss()).isCloseTo(-Math.log(1e-7), within(1e-6));
        assertThat(comparison.standing().frozen().logLoss()).isCloseTo(-Math.log(1e-7), within(1e-6));
        assertThat(comparison.standing().frozenRunningIntercept().logLoss()).isCloseTo(1e-7, within(1e-9));
    }

    @Test
    void standing_nothingAdded_isUnknown() {
        assertThat(new Comparison(.25).standing().adaptive()).isEqualTo(Quality.UNKNOWN);
    }

    @Test
    void newest_keepsTheLastOnes() {
        Comparison comparison = new Comparison(.25);
        for (int i = 0; i < 5_000; i++) {
            // Worthless until the last thousand.
            boolean label = i % 3 == 0;
            comparison.add(i < 4_000 ? .5f : label ? .9f : .1f, 0f, 0f, label);
        }

        assertThat(comparison.newest(1_000).standing().adaptive().rocAuc()).isEqualTo(1);
        assertThat(comparison.newest(1_000).standing().events()).isEqualTo(1_000);
        assertThat(comparison.newest(Comparison.MOST).standing().events()).isEqualTo(5_000);
        assertThat(comparison.standing().adaptive().rocAuc()).isBetween(.5, .8);
    }

    @Test
    void add_beyondTheMost_forgetsTheOldest() {
        Comparison comparison = new Comparison(.25);
        for (int i = 0; i < Comparison.MOST + 10; i++) {
            comparison.add(.5f, 0f, 0f, i >= 10);
        }

        assertThat(comparison.added()).isEqualTo(Comparison.MOST + 10);
        assertThat(comparison.standing().events()).isEqualTo(Comparison.MOST);
        assertThat(comparison.standing().constantRate().logLoss()).isCloseTo(-Math.log(.25), within(1e-9));
    }
}
