package io.headwater.learn.retain;

import static io.headwater.learn.retain.ReplayRows.SCHEMA;
import static io.headwater.learn.retain.ReplayRows.bytes;
import static io.headwater.learn.retain.ReplayRows.numbered;
import static io.headwater.learn.retain.ReplayRows.saved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReplayBufferTest {
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

    private static List<Float> offsets(ReplayBuffer buffer) {
        List<Float> kept = new ArrayList<>();
        for (int slot = 0; slot < buffer.size(); slot++) {
            kept.add(buffer.offset(slot));
        }
        return kept;
    }

    /** Rows whose number is their offset; one in fifty is of class 1. */
    private static ReplayBuffer filled(Keep keep, int rows, int capacity, SeededRandom random) {
        FeatureBatch batch = numbered(rows);
        ReplayBuffer buffer = new ReplayBuffer(keep, SCHEMA.rows(), capacity);
        for (int row = 0; row < rows; row++) {
            buffer.add(batch, row, row % 50 == 7 ? 1 : 0, row, random);
        }
        return buffer;
    }

    @Test
    void classBalanced_keepsAsManyOfEach_eachAUniformSampleOfItsClass() {
        int[] positives = new int[5];
        int[] negatives = new int[5];
        SeededRandom random = new SeededRandom(2);
        for (int trial = 0; trial < 400; trial++) {
            ReplayBuffer buffer = filled(Keep.CLASS_BALANCED, 5_000, 40, random);
            assertThat(buffer.size()).isEqualTo(40);
            int ofOne = 0;
            for (int slot = 0; slot < 40; slot++) {
                // The odds kept are 1, those of the stream 1 to 49: what a model is taught is put right by log 49.
                int row = Math.round(buffer.offset(slot) - (float) Math.log(49));
                assertThat(buffer.label(slot)).isEqualTo(row % 50 == 7 ? 1f : 0f);
                (buffer.label(slot) == 1 ? positives : negatives)[row / 1_000]++;
                ofOne += buffer.label(slot) == 1 ? 1 : 0;
            }
            assertThat(ofOne).isEqualTo(20);
        }
        // 1,600 of each fifth expected, standard deviation 36.
        for (int fifth = 0; fifth < 5; fifth++) {
            assertThat(positives[fifth]).isBetween(1_400, 1_800);
            assertThat(negatives[fifth]).isBetween(1_400, 1_800);
        }
    }

    @Test
    void classBalanced_ofOneClass_isCorrectedByNothing() {
        FeatureBatch batch = numbered(100);
        ReplayBuffer buffer = new ReplayBuffer(Keep.CLASS_BALANCED, SCHEMA.rows(), 10);
        SeededRandom random = new SeededRandom(1);
        for (int row = 0; row < 100; row++) {
            buffer.add(batch, row, 0, 0.5f, random);
        }
        assertThat(offsets(buffer)).hasSize(10).containsOnly(0.5f);
    }

    @Test
    void ageStratified_keepsAsManyOfEachAge_downToTheOldest() {
        int rows = 40_000;
        int[] kept = new int[4];
        SeededRandom random = new SeededRandom(3);
        for (int trial = 0; trial < 20; trial++) {
            ReplayBuffer buffer = filled(Keep.AGE_STRATIFIED, rows, 64, random);
            assertThat(buffer.size()).isEqualTo(64);
            assertThat(offsets(buffer)).doesNotHaveDuplicates();
            // The latest eight are all there.
            assertThat(offsets(buffer))
                    .contains(39_999f, 39_998f, 39_997f, 39_996f, 39_995f, 39_994f, 39_993f, 39_992f);
            for (float row : offsets(buffer)) {
                double age = rows - row;
                kept[age <= 24 ? 0 : age <= 120 ? 1 : age <= 1_100 ? 2 : 3]++;
            }
        }
        // 16 of 64 in the first two strata (8 + 16 rows of age); 16 in the next two (32 + 64); 24 after them; 8
        // anywhere.
        assertThat(kept[0] / 20.0).isBetween(14.0, 18.0);
        assertThat(kept[1] / 20.0).isBetween(13.0, 19.0);
        assertThat(kept[2] / 20.0).isBetween(20.0, 28.0);
        assertThat(kept[3] / 20.0).isBetween(5.0, 12.0);
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void rowsIn_countsAllThatARowTakes(Keep keep) {
        long bytes = 2 << 20;
        int rows = ReplayBuffer.rowsIn(SCHEMA.rows(), bytes, 0, 1_000_000);
        FeatureBatch batch = numbered(1_000);
        for (int row = 0; row < 1_000; row++) {
            batch.setKey(row, 1 + row);
            batch.setDomain(row, "region " + row % 50);
        }
        allocated(keep, batch, 10);

        long taken = allocated(keep, batch, rows) + rows * SCHEMA.rows().rowBytes();

        assertThat(taken).isLessThan(bytes + (8 << 10));
        if (keep == Keep.CLASS_BALANCED) {
            assertThat(taken).as("no row more").isGreaterThan(bytes - (8 << 10));
        }
    }

    /** Heap that a full buffer of so many rows takes; values of its rows are beside the heap. */
    private static long allocated(Keep keep, FeatureBatch batch, int rows) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SeededRandom random = new SeededRandom(1);
        long before = threads.getCurrentThreadAllocatedBytes();
        ReplayBuffer buffer = new ReplayBuffer(keep, SCHEMA.rows(), rows);
        for (int row = 0; row < 2 * rows; row++) {
            buffer.add(batch, row % batch.rows(), row % 2, 0, random);
        }
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(buffer.size()).isEqualTo(rows);
        return taken;
    }

    @Test
    void rowsIn_ofTheRowsOfATable_areThoseWanted_andOfABackboneAsManyAsFit() {
        RowLayout table = new RowLayout(List.of(RowTensor.floats("numeric", List.of(60))), "");
        RowLayout tokens = new RowLayout(List.of(RowTensor.floats("hidden", List.of(64, 384))), "");
        assertThat(ReplayBuffer.rowsIn(table, 16 << 20, 0, 2_048)).isEqualTo(2_048);
        assertThat(ReplayBuffer.rowsIn(tokens, 16 << 20, 0, 2_048)).isEqualTo(170);
        assertThat(ReplayBuffer.rowsIn(tokens, 1, 2, 2_048)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void read_goesOnAsWritten(Keep keep) {
        for (int capacity : new int[] {1, 3, 20}) {
            for (int rows : new int[] {0, 2, 19, 300}) {
                SeededRandom random = new SeededRandom(4);
                ReplayBuffer buffer = filled(keep, rows + 1, capacity, random);
                ReplayBuffer again = new ReplayBuffer(keep, SCHEMA.rows(), capacity);
                again.restore(saved(buffer));

                SeededRandom same = new SeededRandom(0);
                same.restore(random.state());
                FeatureBatch more = numbered(200);
                for (int row = 0; row < 200; row++) {
                    buffer.add(more, row, row % 3 == 0 ? 1 : 0, 1_000 + row, random);
                    again.add(more, row, row % 3 == 0 ? 1 : 0, 1_000 + row, same);
                }

                assertThat(bytes(again)).isEqualTo(bytes(buffer));
                assertThat(offsets(again)).isEqualTo(offsets(buffer));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void read_intoAnotherKindOrSize_takesOverWhatFitsAndGoesOn(Keep keep) {
        SeededRandom random = new SeededRandom(5);
        for (Keep other : Keep.values()) {
            for (int capacity : new int[] {5, 50}) {
                ReplayBuffer buffer = new ReplayBuffer(other, SCHEMA.rows(), capacity);
                buffer.restore(saved(filled(keep, 200, 20, random)));
                assertThat(buffer.size()).isEqualTo(Math.min(20, capacity));
                FeatureBatch more = numbered(300);
                for (int row = 0; row < 300; row++) {
                    buffer.add(more, row, row % 3 == 0 ? 1 : 0, 1_000 + row, random);
                }
                assertThat(buffer.size()).isEqualTo(capacity);
                saved(buffer);
            }
        }
    }

    @Test
    void read_ofRowsThatAreInNoPlace_isRefused() {
        ReplayBuffer buffer = filled(Keep.AGE_STRATIFIED, 100, 20, new SeededRandom(1));
        byte[] bytes = bytes(buffer);
        // The last number is a slot; there is no row 99. The checksum after it is made anew.
        ByteBuffer.wrap(bytes).putLong(bytes.length - Integer.BYTES - Long.BYTES, 99);
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, bytes.length - Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(bytes.length - Integer.BYTES, (int) sum.getValue());

        assertThatThrownBy(() -> SavedReplay.read(new StateReader(bytes, "replay", 1), SCHEMA.rows(), 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slot 99");
    }
}
