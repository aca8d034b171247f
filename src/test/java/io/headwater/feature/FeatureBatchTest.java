package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureBatchTest {
    private static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x", "y"), List.of("kind")), false, false, 64);

    @Test
    void buffers_areDirectInNativeOrderAndAsLargeAsTheCapacity() {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), 5);

        assertThat(batch.numeric().isDirect()).isTrue();
        assertThat(batch.categorical().isDirect()).isTrue();
        assertThat(batch.numeric().order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(batch.categorical().order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(batch.numeric().capacity()).isEqualTo(10);
        assertThat(batch.categorical().capacity()).isEqualTo(5);
    }

    @Test
    void copyRow_appendsThatRow() {
        FeatureEncoder encoder = new FeatureEncoder(SCHEMA);
        FeatureBatch from = new FeatureBatch(SCHEMA.rows(), 3);
        FeatureBatch to = new FeatureBatch(SCHEMA.rows(), 2);
        for (int i = 0; i < 3; i++) {
            encoder.encode(new Event("e", 0, new float[] {i, 10 * i}, new @Nullable String[] {"k" + i}), from);
        }

        to.copyRow(from, 2);
        to.copyRow(from, 0);

        float[] numeric = new float[4];
        to.numeric().get(0, numeric);
        assertThat(numeric).containsExactly(2, 20, 0, 0);
        assertThat(to.categorical().get(0)).isEqualTo(from.categorical().get(2));
        assertThat(to.categorical().get(1)).isEqualTo(from.categorical().get(0));
        assertThatThrownBy(() -> to.copyRow(from, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void domain_goesWithItsRow_andNotWithItsPlace() {
        FeatureBatch to = new FeatureBatch(SCHEMA.rows(), 2);
        try (EncodedRows rows = new EncodedRows(new FeatureEncoder(SCHEMA), 3)) {
            rows.encode(List.of(event("north"), event(""), event("south")));
            assertThat(rows.batch().domain(0)).isEqualTo("north");
            assertThat(rows.batch().domain(1)).isEmpty();

            to.copyRow(rows.batch(), 2);
            to.copyRow(rows.batch(), 0);
            assertThat(to.domain(0)).isEqualTo("south");
            assertThat(to.domain(1)).isEqualTo("north");

            to.setRow(1, rows.batch(), 1);
            assertThat(to.domain(1)).isEmpty();
            rows.encode(List.of(event("")));
            assertThat(rows.batch().domain(0))
                    .as("a row in the place of another")
                    .isEmpty();
        }
        to.assume(2);
        assertThat(to.domain(0)).as("filled through the buffers").isEmpty();
    }

    @Test
    void erase_closesUpTheOthersInTheirOrder_andLeavesNothingBehindThem() {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), 5);
        FeatureEncoder encoder = new FeatureEncoder(SCHEMA);
        for (int i = 0; i < 4; i++) {
            encoder.encode(new Event("e", 0, new float[] {1 + i, 10 * i}, new @Nullable String[] {"k" + i}), batch);
            batch.setDomain(i, "d" + i);
            batch.setKey(i, i == 3 ? RowKey.NONE : 70 + i);
        }
        long category = batch.categorical().get(1);

        assertThat(batch.erase(OwnerKeys.of(99, RowKey.NONE))).containsExactly(0, 1, 2, 3);
        assertThat(batch.rows()).isEqualTo(4);
        assertThat(batch.erase(OwnerKeys.of(72, 70, 99))).containsExactly(FeatureBatch.GONE, 0, FeatureBatch.GONE, 1);

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.numeric().get(0)).isEqualTo(2);
        assertThat(batch.numeric().get(2)).isEqualTo(4);
        assertThat(batch.categorical().get(0)).isEqualTo(category);
        assertThat(batch.domain(0)).isEqualTo("d1");
        assertThat(batch.key(0)).isEqualTo(71);
        assertThat(batch.domain(1)).isEqualTo("d3");
        assertThat(batch.key(1)).as("nobody's").isEqualTo(RowKey.NONE);
        for (int row = 2; row < 4; row++) {
            assertThat(batch.numeric().get(2 * row)).as("where row %d was", row).isZero();
            assertThat(batch.numeric().get(2 * row + 1)).isZero();
            assertThat(batch.categorical().get(row)).isZero();
            assertThat(batch.key(row)).isEqualTo(RowKey.NONE);
            assertThat(batch.domain(row)).isEmpty();
        }
    }

    @Test
    void key_ofAnOwner_goesWithItsRow_andNotWithItsPlace() {
        FeatureBatch copy = new FeatureBatch(SCHEMA.rows(), 3);
        FeatureBatch origins = new FeatureBatch(SCHEMA.rows(), 3);
        try (EncodedRows rows = new EncodedRows(new FeatureEncoder(SCHEMA), 3)) {
            rows.encode(List.of(owned("a"), owned("b"), owned("a")));
            FeatureBatch batch = rows.batch();
            origins.assume(3);
            origins.copyOrigins(batch, 3);
            copy.copyRow(batch, 1);
            assertThat(batch.key(0)).isEqualTo(batch.key(2)).isEqualTo(RowKey.of("a"));
            copy.copyRow(batch, 2);
            assertThat(copy.key(0)).isEqualTo(batch.key(1)).isEqualTo(RowKey.of("b"));
            assertThat(copy.key(1)).isEqualTo(RowKey.of("a"));
            assertThat(origins.key(1)).isEqualTo(RowKey.of("b"));
            origins.copyOrigins(batch, 3);
            assertThat(origins.key(1)).as("of a key that was asked for").isEqualTo(RowKey.of("b"));
            assertThat(origins.key(2)).isEqualTo(RowKey.of("a"));

            rows.encode(List.of(owned("c")));
            assertThat(batch.key(0)).as("a row in the place of another").isEqualTo(RowKey.of("c"));
            batch.setKey(0, 5);
            assertThat(batch.key(0)).isEqualTo(5);
            rows.encode(List.of(owned("c")));
            batch.clear();
            batch.nextRow();
            assertThat(batch.key(0)).as("a new row").isEqualTo(RowKey.NONE);
        }
        origins.assume(1);
        assertThat(origins.key(0)).as("filled through the buffers").isEqualTo(RowKey.NONE);
    }

    private static Event owned(String owner) {
        return new Event("e", 0, new float[2], new @Nullable String[] {"k"}, new @Nullable String[0], "", owner);
    }

    private static Event event(String domain) {
        return new Event("e", 0, new float[2], new @Nullable String[] {"k"}, new @Nullable String[0], domain);
    }

    @Test
    void clear_makesRoomAgain() {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), 2);
        batch.assume(2);
        assertThat(batch.isFull()).isTrue();

        batch.clear();

        assertThat(batch.rows()).isZero();
        assertThat(batch.isFull()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void assume_ofMoreRowsThanThereAre_isRefused(int rows) {
        assertThatThrownBy(() -> new FeatureBatch(SCHEMA.rows(), 2).assume(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(rows + " rows in a batch of 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void batch_withoutARow_isRefused(int capacity) {
        assertThatThrownBy(() -> new FeatureBatch(SCHEMA.rows(), capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one row");
    }

    @Test
    void batch_tooLargeForOneBuffer_isRefusedBeforeAnythingIsAllocated() {
        assertThatThrownBy(() -> new FeatureBatch(SCHEMA.rows(), Integer.MAX_VALUE))
                .isInstanceOf(ArithmeticException.class);
    }
}
