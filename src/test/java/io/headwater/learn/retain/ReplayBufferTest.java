package io.headwater.learn.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplayBufferTest {
    private static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x"), List.of("c")), false, false, 8);

    private static FeatureBatch numbered(int rows) {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), rows);
        batch.assume(rows);
        for (int row = 0; row < rows; row++) {
            batch.numeric().put(row, row);
            batch.categorical().put(row, row % 8);
        }
        return batch;
    }

    @Test
    void everyRow_isKeptEquallyOften_withItsOwnLabelAndOffset() {
        int rows = 100;
        int capacity = 10;
        int trials = 4_000;
        int[] kept = new int[rows];
        FeatureBatch batch = numbered(rows);
        SeededRandom random = new SeededRandom(1);
        FeatureBatch out = new FeatureBatch(SCHEMA.rows(), capacity);
        for (int trial = 0; trial < trials; trial++) {
            ReplayBuffer buffer = new ReplayBuffer(SCHEMA.rows(), capacity);
            for (int row = 0; row < rows; row++) {
                buffer.add(batch, row, row % 2, row + 0.5f, random);
            }
            out.clear();
            for (int slot = 0; slot < buffer.size(); slot++) {
                buffer.copyTo(out, slot);
                int row = (int) out.numeric().get(slot);
                assertThat(out.categorical().get(slot)).isEqualTo(row % 8);
                assertThat(buffer.label(slot)).isEqualTo(row % 2);
                assertThat(buffer.offset(slot)).isEqualTo(row + 0.5f);
                kept[row]++;
            }
        }
        // 400 expected, standard deviation 19; six of them leave one chance in ten million.
        for (int count : kept) {
            assertThat((double) count).isCloseTo(400, within(114.0));
        }
    }

    @Test
    void latestRows_areTheOnesKept() {
        FeatureBatch batch = numbered(27);
        ReplayBuffer buffer = new ReplayBuffer(Keep.LATEST, SCHEMA.rows(), 10);
        SeededRandom random = new SeededRandom(1);
        for (int row = 0; row < 27; row++) {
            buffer.add(batch, row, row % 2, row, random);
        }

        List<Float> kept = new ArrayList<>();
        for (int slot = 0; slot < buffer.size(); slot++) {
            kept.add(buffer.offset(slot));
        }
        assertThat(kept).containsExactlyInAnyOrder(17f, 18f, 19f, 20f, 21f, 22f, 23f, 24f, 25f, 26f);
    }
}
