package io.headwater.learn.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.EventLayout;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Trace;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** Rows of {@value #OWNERS} owners in turn, whose values are found nowhere else; one in five is of class 1. */
    private static final int OWNERS = 7;

    private static FeatureBatch owned(int rows) {
        FeatureBatch batch = numbered(rows);
        for (int row = 0; row < rows; row++) {
            batch.numeric().put(row, value(row));
            batch.setKey(row, owner(row));
        }
        return batch;
    }

    private static float value(int row) {
        return 7_000.25f + row;
    }

    private static long owner(int row) {
        return 1 + row % OWNERS;
    }

    private static float label(int row) {
        return row % 5 == 2 ? 1 : 0;
    }

    /** The numbers of the rows that are kept; each has the label, the offset and the category that it came with. */
    private static List<Integer> kept(ReplayBuffer buffer) {
        FeatureBatch out = new FeatureBatch(SCHEMA.rows(), Math.max(1, buffer.size()));
        List<Integer> rows = new ArrayList<>();
        for (int slot = 0; slot < buffer.size(); slot++) {
            buffer.copyTo(out, slot);
            int row = (int) (out.numeric().get(slot) - 7_000);
            assertThat(out.key(slot)).isEqualTo(owner(row));
            assertThat(out.categorical().get(slot)).isEqualTo(row % 8);
            assertThat(buffer.label(slot)).isEqualTo(label(row));
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void erase_leavesNothingOfTheRows_andTheOthersAsTheyWere(Keep keep) {
        ReplayBuffer buffer = new ReplayBuffer(keep, SCHEMA.rows(), 40);
        FeatureBatch batch = owned(300);
        SeededRandom random = new SeededRandom(6);
        for (int row = 0; row < 300; row++) {
            buffer.add(batch, row, label(row), 0, random);
        }
        List<Integer> before = kept(buffer);
        List<Integer> gone = before.stream().filter(row -> owner(row) == 3).toList();
        assertThat(gone).isNotEmpty();

        assertThat(buffer.erase(OwnerKeys.of(3))).isEqualTo(gone.size());

        assertThat(kept(buffer))
                .containsExactlyInAnyOrderElementsOf(
                        before.stream().filter(row -> owner(row) != 3).toList());
        byte[] bytes = bytes(buffer);
        for (int row : gone) {
            assertThat(Trace.isIn(bytes, value(row))).as("row %d", row).isFalse();
        }
        assertThat(Trace.isIn(bytes, value(kept(buffer).get(0))))
                .as("a row that stays")
                .isTrue();
        assertThat(buffer.erase(OwnerKeys.of(3))).isZero();
        assertThat(buffer.erase(OwnerKeys.of(99))).isZero();
        assertThat(bytes(buffer)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void erase_ofManyAtOnce_isThatOfEach_inWhateverOrder(Keep keep) {
        FeatureBatch batch = owned(500);
        for (int rows : new int[] {7, 40, 500}) {
            ReplayBuffer all = filled(keep, 40, batch, rows);
            ReplayBuffer each = filled(keep, 40, batch, rows);
            ReplayBuffer back = filled(keep, 40, batch, rows);

            int erased = all.erase(OwnerKeys.of(5, 2, 99, 3));

            assertThat(each.erase(OwnerKeys.of(2)) + each.erase(OwnerKeys.of(3)) + each.erase(OwnerKeys.of(5)))
                    .isEqualTo(erased)
                    .isPositive();
            back.erase(OwnerKeys.of(5, 3));
            back.erase(OwnerKeys.of(2));
            assertThat(bytes(each)).isEqualTo(bytes(all));
            assertThat(bytes(back)).isEqualTo(bytes(all));
        }
    }

    private static ReplayBuffer filled(Keep keep, int capacity, FeatureBatch batch, int rows) {
        ReplayBuffer buffer = new ReplayBuffer(keep, SCHEMA.rows(), capacity);
        SeededRandom random = new SeededRandom(15);
        for (int row = 0; row < rows; row++) {
            buffer.add(batch, row, label(row), row, random);
        }
        return buffer;
    }

    @Test
    void erase_ofNobody_leavesRowsWithoutAKey() {
        ReplayBuffer buffer = filled(Keep.UNIFORM, 10, 10, new SeededRandom(1));
        assertThat(buffer.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        assertThat(buffer.size()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void erase_amongThousandsOfRows_keepsTheBooks(Keep keep) {
        int rows = 6_000;
        FeatureBatch batch = owned(rows);
        for (int capacity : new int[] {1, 3, 20, 64}) {
            ReplayBuffer buffer = new ReplayBuffer(keep, SCHEMA.rows(), capacity);
            SeededRandom random = new SeededRandom(capacity);
            SeededRandom when = new SeededRandom(11);
            int erased = 0;
            for (int row = 0; row < rows; row++) {
                buffer.add(batch, row, label(row), 0, random);
                if (when.nextInt(9) == 0) {
                    erased += buffer.erase(OwnerKeys.of(1 + when.nextInt(OWNERS)));
                }
                if (row % 10 == 0) {
                    assertThat(kept(buffer)).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(capacity);
                    // Reading it back refuses a slot that is in two places or in none.
                    ReplayBuffer again = new ReplayBuffer(keep, SCHEMA.rows(), capacity);
                    again.restore(saved(buffer));
                    assertThat(bytes(again)).isEqualTo(bytes(buffer));
                    buffer = row % 20 == 0 ? again : buffer;
                }
            }
            assertThat(erased).isGreaterThan(capacity);
        }
    }

    @Test
    void erase_ofUniform_leavesEachOtherRowAsLikelyAsBefore() {
        int rows = 100;
        int trials = 4_000;
        FeatureBatch batch = owned(rows);
        int[] kept = new int[rows];
        SeededRandom random = new SeededRandom(7);
        for (int trial = 0; trial < trials; trial++) {
            ReplayBuffer buffer = new ReplayBuffer(SCHEMA.rows(), 10);
            for (int row = 0; row < rows; row++) {
                buffer.add(batch, row, label(row), 0, random);
                if (row == 49) {
                    buffer.erase(OwnerKeys.of(2));
                    buffer.erase(OwnerKeys.of(5));
                }
            }
            kept(buffer).forEach(row -> kept[row]++);
        }
        for (int row = 0; row < rows; row++) {
            boolean gone = row < 50 && (owner(row) == 2 || owner(row) == 5);
            assertThat((double) kept[row]).as("row %d", row).isCloseTo(gone ? 0 : 400, within(gone ? 0.0 : 114.0));
        }
    }

    @Test
    void erase_ofTheLatest_leavesTheLatestOfTheOthers() {
        ReplayBuffer buffer = new ReplayBuffer(Keep.LATEST, SCHEMA.rows(), 20);
        FeatureBatch batch = owned(2_000);
        SeededRandom when = new SeededRandom(8);
        List<Integer> expected = new ArrayList<>();
        for (int row = 0; row < 2_000; row++) {
            buffer.add(batch, row, label(row), 0, when);
            expected.add(row);
            if (expected.size() > 20) {
                expected.remove(0);
            }
            if (when.nextInt(13) == 0) {
                long key = 1 + when.nextInt(OWNERS);
                buffer.erase(OwnerKeys.of(key));
                expected.removeIf(each -> owner(each) == key);
            }
            assertThat(kept(buffer)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void erase_ofTheRareClass_isNotMadeUpForByTheCommonOne() {
        FeatureBatch batch = owned(4_000);
        ReplayBuffer buffer = new ReplayBuffer(Keep.CLASS_BALANCED, SCHEMA.rows(), 40);
        SeededRandom random = new SeededRandom(9);
        for (int row = 0; row < 2_000; row++) {
            buffer.add(batch, row, label(row), 0, random);
        }
        assertThat(ofOne(buffer)).isEqualTo(20);
        int gone = 0;
        for (int row : kept(buffer)) {
            if (label(row) == 1 && gone == 0) {
                gone = (int) kept(buffer).stream()
                        .filter(each -> owner(each) == owner(row) && label(each) == 1)
                        .count();
                buffer.erase(OwnerKeys.of(owner(row)));
            }
        }
        assertThat(ofOne(buffer)).isEqualTo(20 - gone).isLessThan(20);

        for (int row = 2_000; row < 3_000; row++) {
            if (label(row) == 0) {
                buffer.add(batch, row, 0, 0, random);
            }
        }
        assertThat(buffer.size()).isEqualTo(40 - gone);
        assertThat(ofOne(buffer)).isEqualTo(20 - gone);
        for (int row = 3_000; row < 4_000; row++) {
            buffer.add(batch, row, label(row), 0, random);
        }
        assertThat(buffer.size()).isEqualTo(40);
        assertThat(ofOne(buffer)).isEqualTo(20);
    }

    @Test
    void erase_amongTheAges_isMadeUpForByTheRowsThatCome_withoutLosingAnother() {
        FeatureBatch batch = owned(2_000);
        ReplayBuffer buffer = new ReplayBuffer(Keep.AGE_STRATIFIED, SCHEMA.rows(), 64);
        SeededRandom random = new SeededRandom(12);
        for (int row = 0; row < 1_000; row++) {
            buffer.add(batch, row, label(row), 0, random);
        }
        int gaps = buffer.erase(OwnerKeys.of(3));
        assertThat(gaps).isGreaterThan(2);
        List<Integer> before = kept(buffer);

        for (int row = 1_000; row < 1_000 + gaps; row++) {
            buffer.add(batch, row, label(row), 0, random);
        }

        assertThat(kept(buffer)).hasSize(64).containsAll(before);
        for (int row = 1_000 + gaps; row < 2_000; row++) {
            buffer.add(batch, row, label(row), 0, random);
        }
        assertThat(kept(buffer)).hasSize(64).contains(1_999, 1_998, 1_997, 1_996, 1_995, 1_994, 1_993, 1_992);
    }

    private static long ofOne(ReplayBuffer buffer) {
        return kept(buffer).stream().filter(row -> label(row) == 1).count();
    }

    @Test
    void erase_ofAll_isFollowedByAFullBufferAgain() {
        for (Keep keep : List.of(Keep.LATEST, Keep.CLASS_BALANCED, Keep.AGE_STRATIFIED)) {
            FeatureBatch batch = owned(1_000);
            ReplayBuffer buffer = new ReplayBuffer(keep, SCHEMA.rows(), 16);
            SeededRandom random = new SeededRandom(10);
            for (int row = 0; row < 500; row++) {
                buffer.add(batch, row, label(row), 0, random);
            }
            for (long key = 1; key <= OWNERS; key++) {
                buffer.erase(OwnerKeys.of(key));
            }
            assertThat(buffer.size()).isZero();
            assertThat(buffer.offset(0)).as("nothing is corrected for").isZero();
            for (int row = 500; row < 1_000; row++) {
                buffer.add(batch, row, label(row), 0, random);
            }
            assertThat(kept(buffer)).as("%s", keep).hasSize(16);
        }
    }

    private static byte[] bytes(ReplayBuffer buffer) {
        StateWriter out = new StateWriter("replay", 1);
        buffer.write(out);
        return out.toBytes();
    }

    private static SavedReplay saved(ReplayBuffer buffer) {
        return SavedReplay.read(new StateReader(bytes(buffer), "replay", 1), SCHEMA.rows(), 1_000);
    }
}
