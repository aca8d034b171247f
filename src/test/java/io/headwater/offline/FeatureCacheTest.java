package io.headwater.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeatureCacheTest {
    private static final RowLayout LAYOUT =
            new RowLayout(List.of(RowTensor.floats("x", List.of(2)), RowTensor.longs("mask", List.of(3))), "test");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    @Test
    void rows_comeBackFromEveryPart_andTheFilesHaveNoName() throws IOException {
        FeatureCache cache = new FeatureCache(LAYOUT, 10, new MappedMemory(dir), 4 * 24);
        FeatureBatch batch = new FeatureBatch(LAYOUT, 5);
        for (int half = 0; half < 2; half++) {
            batch.clear();
            for (int row = 0; row < 5; row++) {
                int at = batch.nextRow();
                batch.floats(0).put(2 * at, 10f * half + row).put(2 * at + 1, -1);
                batch.longs(1).put(3 * at + 2, 100L * half + row);
            }
            cache.add(batch);
        }

        batch.clear();
        for (int row : new int[] {9, 0, 4, 3}) {
            cache.copyRow(row, batch);
        }

        assertThat(cache.rows()).isEqualTo(10);
        assertThat(new float[] {
                    batch.floats(0).get(0),
                    batch.floats(0).get(2),
                    batch.floats(0).get(4)
                })
                .containsExactly(14, 0, 4);
        assertThat(new long[] {
                    batch.longs(1).get(2), batch.longs(1).get(5), batch.longs(1).get(11)
                })
                .containsExactly(104, 0, 3);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void noRoom_isSaidInOneSentence() {
        MappedMemory nowhere = new MappedMemory(dir.resolve("missing"));

        assertThatThrownBy(() -> nowhere.take(3 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no room for 3 MiB of features in ");
    }
}
