package io.headwater.learn.retain;

import static io.headwater.learn.retain.ReplayRows.OWNERS;
import static io.headwater.learn.retain.ReplayRows.SCHEMA;
import static io.headwater.learn.retain.ReplayRows.bytes;
import static io.headwater.learn.retain.ReplayRows.kept;
import static io.headwater.learn.retain.ReplayRows.label;
import static io.headwater.learn.retain.ReplayRows.numbered;
import static io.headwater.learn.retain.ReplayRows.owned;
import static io.headwater.learn.retain.ReplayRows.owner;
import static io.headwater.learn.retain.ReplayRows.saved;
import static io.headwater.learn.retain.ReplayRows.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Trace;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How rows of a replay buffer are erased, and what becomes of those that stay. */
final class ReplayErasureTest {
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
        ReplayBuffer buffer = filled(Keep.UNIFORM, 10, numbered(10), 10);
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
}
