package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SourceWeightsTest {
    @Test
    void sourcesThatAreEquallyFar_haveTheSharesOfTheirRows() {
        SourceWeights weights = SourceWeights.of(List.of(1.3, 1.3, 1.3), List.of(100, 200, 700));
        assertThat(weights.weights())
                .satisfiesExactly(
                        share -> assertThat(share).isCloseTo(0.1, within(1e-12)),
                        share -> assertThat(share).isCloseTo(0.2, within(1e-12)),
                        share -> assertThat(share).isCloseTo(0.7, within(1e-12)));
        assertThat(weights.distance()).isCloseTo(1.3, within(1e-12));
    }

    @Test
    void nearerSource_countsMore_byTheExponentialOfTheDifference() {
        SourceWeights weights = SourceWeights.of(List.of(0.5, 0.9), List.of(10, 10), 0.4);
        assertThat(weights.weights().get(0) / weights.weights().get(1)).isCloseTo(Math.E, within(1e-9));
        assertThat(weights.weights().get(0) + weights.weights().get(1)).isCloseTo(1, within(1e-12));
        assertThat(weights.distance()).isBetween(0.5, 0.7);
    }

    @Test
    void shares_areTheLeastOfDistanceAndDivergence() {
        List<Double> distances = List.of(0.4, 1.1, 1.9);
        List<Integer> rows = List.of(50, 300, 150);
        List<Double> best = SourceWeights.of(distances, rows, 0.5).weights();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double[] moved = best.stream().mapToDouble(share -> share).toArray();
                moved[i] += 1e-3;
                moved[j] -= 1e-3;
                assertThat(objective(moved, distances, rows))
                        .isGreaterThanOrEqualTo(objective(
                                best.stream().mapToDouble(share -> share).toArray(), distances, rows));
            }
        }
    }

    private static double objective(double[] shares, List<Double> distances, List<Integer> rows) {
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += shares[i] * distances.get(i) + 0.5 * shares[i] * Math.log(shares[i] / (rows.get(i) / 500.0));
        }
        return sum;
    }

    @Test
    void oneSource_hasAll_howeverFarItIs() {
        assertThat(SourceWeights.of(List.of(2.0), List.of(1)).weights()).containsExactly(1.0);
    }

    @Test
    void sourceWithoutRows_orWithoutDistance_isRefused() {
        assertThatThrownBy(() -> SourceWeights.of(List.of(1.0, 1.0), List.of(1, 0)))
                .hasMessageContaining("rows of a source");
        assertThatThrownBy(() -> SourceWeights.of(List.of(1.0), List.of(1, 2)))
                .hasMessageContaining("1 distances of 2 sources");
        assertThatThrownBy(() -> SourceWeights.of(List.of(Double.NaN), List.of(1)))
                .hasMessageContaining("distance of a source");
    }
}
