package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LayerRatesTest {
    private static final WeightLayers LAYERS = WeightLayers.of(
            List.of(List.of("head.w", "head.b"), List.of("l2.w", "l2.fixed"), List.of("none"), List.of("l1.w")),
            List.of("head.w", "head.b", "l1.w", "l2.w", "stray"));

    @Test
    void layers_areThoseOfWhatTrains_straysInTheLowest() {
        assertThat(LAYERS.fromHead())
                .containsExactly(List.of("head.w", "head.b"), List.of("l2.w"), List.of("l1.w", "stray"));
        assertThat(LAYERS.belowHead()).isEqualTo(2);
    }

    @Test
    void factors_fallFromTheHeadDown() {
        assertThat(new LayerRates(0.5, 0.25).factors(LAYERS, 2))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("head.w", 1f, "head.b", 1f, "l2.w", 0.5f, "l1.w", 0.125f, "stray", 0.125f));
        assertThat(LayerRates.EQUAL.factors(LAYERS, 2).values()).containsOnly(1f);
    }

    @Test
    void frozenLayers_haveFactorZero_andAreNotAmongThoseThatTrain() {
        Map<String, Float> factors = new LayerRates(0.5, 0.25).factors(LAYERS, 1);
        assertThat(factors)
                .containsEntry("l2.w", 0.5f)
                .containsEntry("l1.w", 0f)
                .containsEntry("stray", 0f);
        assertThat(LAYERS.training(0)).containsExactly("head.w", "head.b");
        assertThat(LAYERS.training(1)).containsExactly("head.w", "head.b", "l2.w");
        assertThat(LAYERS.training(9)).hasSize(5);
    }

    @Test
    void headWithoutWeights_staysTheHead() {
        WeightLayers layers = WeightLayers.of(List.of(List.of("frozen"), List.of("w")), List.of("w"));
        assertThat(layers.fromHead()).containsExactly(List.of(), List.of("w"));
        assertThat(WeightLayers.of(List.of(), List.of("w")).fromHead()).containsExactly(List.of("w"));
    }

    @Test
    void settings_outOfRange_areRefusedInASentence() {
        assertThatThrownBy(() -> new LayerRates(0, 1)).hasMessageContaining("backbone factor is 0.0");
        assertThatThrownBy(() -> new LayerRates(1, 1.1)).hasMessageContaining("layer decay is 1.1");
        assertThatThrownBy(() -> new WeightLayers(List.of(List.of("w"), List.of("w"))))
                .hasMessage("the weight 'w' is in two layers");
        assertThatThrownBy(() -> new WeightLayers(List.of())).hasMessageContaining("no layer");
    }
}
