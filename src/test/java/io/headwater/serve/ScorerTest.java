package io.headwater.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.EventLayout;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ScorerTest {
    private final ModelSlot slot = new ModelSlot();
    private final Scorer scorer = new Scorer(new EncodedRows(new FeatureEncoder(TinyModel.SCHEMA), 3), slot);

    @AfterEach
    void close() {
        scorer.close();
        slot.close();
    }

    @Test
    void score_batchesOfChangingSizeAcrossASwap_carryTheModelThatMadeThem() {
        for (long version = 1; version <= 2; version++) {
            slot.swap(ServedModel.load("flights", version, TinyModel.onnx(version), TinyModel.SCHEMA.rows()));
            for (int rows : new int[] {3, 1, 2, 3}) {
                scorer.clear();
                for (int row = 0; row < rows; row++) {
                    scorer.add(TinyModel.event("e" + row, row));
                }

                assertThat(scorer.score()).isEqualTo(version);
                assertThat(scorer.rows()).isEqualTo(rows);
                assertThat(scorer.isFull()).isEqualTo(rows == 3);
                for (int row = 0; row < rows; row++) {
                    assertThat(scorer.probability(row)).isCloseTo(TinyModel.expected(row, version), within(1e-6f));
                }
            }
        }
    }

    @Test
    void score_ofNothing_saysTheVersion() {
        slot.swap(ServedModel.load("flights", 5, TinyModel.onnx(5), TinyModel.SCHEMA.rows()));

        assertThat(scorer.score()).isEqualTo(5);
    }

    @Test
    void probability_ofARowThatWasAddedAfterTheScore_isRefused() {
        slot.swap(ServedModel.load("flights", 1, TinyModel.onnx(1), TinyModel.SCHEMA.rows()));
        scorer.add(TinyModel.event("a", 1));
        scorer.score();
        scorer.add(TinyModel.event("b", 1));

        assertThatThrownBy(() -> scorer.probability(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void score_afterAFailure_leavesNoScoreInFlight() {
        ServedModel other = ServedModel.load(
                "flights",
                1,
                TinyModel.onnx(1),
                new FeatureSchema(new EventLayout(List.of("x", "z"), List.of("kind")), false, false, 16).rows());
        slot.swap(other);
        scorer.add(TinyModel.event("a", 1));

        assertThatThrownBy(scorer::score).isInstanceOf(IllegalStateException.class);
        assertThat(other.inFlight()).isZero();
    }
}
