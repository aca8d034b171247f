package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureEncoderTest {
    private static final EventLayout LAYOUT =
            new EventLayout(List.of("distance", "delay"), List.of("carrier", "origin"));
    private static final FeatureSchema FULL = new FeatureSchema(LAYOUT, true, true, 1024);

    @Test
    void schema_namesItsColumnsInOrder() {
        assertThat(FULL.numericColumns()).containsExactly("distance", "delay", "time_of_day_sin", "time_of_day_cos");
        assertThat(FULL.categoricalColumns()).containsExactly("carrier", "origin", "weekday");
        assertThat(FULL.numericWidth()).isEqualTo(4);
        assertThat(FULL.categoricalWidth()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, (1 << 24) + 1})
    void schema_withoutRoomForAValue_isRefused(int buckets) {
        assertThatThrownBy(() -> new FeatureSchema(LAYOUT, false, false, buckets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("buckets must be in 2..16777216, not " + buckets);
    }

    @Test
    void schema_withAFieldNamedAsTheDerivedOne_isRefused() {
        EventLayout weekdays = new EventLayout(List.of(), List.of("weekday"));

        assertThat(new FeatureSchema(weekdays, false, false, 8).categoricalWidth())
                .isEqualTo(1);
        assertThatThrownBy(() -> new FeatureSchema(weekdays, false, true, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'weekday'");
    }

    @Test
    void encode_fillsTheNextRow() {
        FeatureBatch batch = new FeatureBatch(FULL.rows(), 2);
        FeatureEncoder encoder = new FeatureEncoder(FULL);

        encoder.encode(event(0, 9, 8, "AA", "LAX"), batch);
        encoder.encode(event(0, 3.5f, Float.NaN, "UA", null), batch);

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.numeric().get(4)).isEqualTo(3.5f);
        assertThat(batch.numeric().get(5)).isNaN();
        assertThat(batch.categorical().get(0)).isEqualTo(new CategoryHasher("carrier", 1024).bucket("AA"));
        assertThat(batch.categorical().get(3)).isEqualTo(252);
        assertThat(batch.categorical().get(4)).as("missing").isZero();
    }

    @Test
    void encode_withoutDerivedColumns_hasTheFieldsOnly() {
        FeatureSchema plain = new FeatureSchema(LAYOUT, false, false, 1024);
        FeatureBatch batch = new FeatureBatch(plain.rows(), 2);
        FeatureEncoder encoder = new FeatureEncoder(plain);

        encoder.encode(event(0, 1, 2, "a", "b"), batch);
        encoder.encode(event(0, 3, 4, "c", "d"), batch);

        float[] numeric = new float[4];
        batch.numeric().get(0, numeric);
        assertThat(numeric).containsExactly(1, 2, 3, 4);
        assertThat(batch.categorical().get(3)).isEqualTo(new CategoryHasher("origin", 1024).bucket("d"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void timeOfDayAndWeekday_areThoseOfJavaTime(long seed) {
        // Given moments from 1890 to 2100, before and after the epoch, and the edges of days
        Random random = new Random(seed);
        long first = Instant.parse("1890-01-01T00:00:00Z").toEpochMilli();
        long last = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();
        long day = 86_400_000;
        FeatureEncoder encoder = new FeatureEncoder(FULL);
        FeatureBatch batch = new FeatureBatch(FULL.rows(), 1);
        CategoryHasher weekdays = new CategoryHasher("weekday", 1024);

        for (int i = 0; i < 1000; i++) {
            long timeMs = first + (long) (random.nextDouble() * (last - first));
            timeMs = i % 3 == 0 ? Math.floorDiv(timeMs, day) * day - i % 2 : timeMs;

            batch.clear();
            encoder.encode(event(timeMs, 0, 0, "a", "b"), batch);

            OffsetDateTime time = Instant.ofEpochMilli(timeMs).atOffset(ZoneOffset.UTC);
            LocalTime clock = time.toLocalTime();
            double turn = 2 * Math.PI * clock.toNanoOfDay() / (24 * 3600 * 1e9);
            assertThat((double) batch.numeric().get(2)).isCloseTo(Math.sin(turn), offset(1e-6));
            assertThat((double) batch.numeric().get(3)).isCloseTo(Math.cos(turn), offset(1e-6));
            String weekday = Integer.toString(time.getDayOfWeek().getValue() - 1);
            assertThat(batch.categorical().get(2)).isEqualTo(weekdays.bucket(weekday));
        }
    }

    @Test
    void encode_ofAnEventOfAnotherLayout_isRefusedAndLeavesTheBatch() {
        FeatureEncoder encoder = new FeatureEncoder(FULL);
        FeatureBatch batch = new FeatureBatch(FULL.rows(), 4);
        Event narrow = new Event("narrow", 0, new float[1], new @Nullable String[2]);
        Event wide = new Event("wide", 0, new float[2], new @Nullable String[3]);

        assertThatThrownBy(() -> encoder.encode(narrow, batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("event 'narrow' has 1 numeric and 2 categorical fields, its layout 2 and 2");
        assertThatThrownBy(() -> encoder.encode(wide, batch)).isInstanceOf(IllegalArgumentException.class);
        assertThat(batch.rows()).isZero();
    }

    @Test
    void encode_intoAFullBatch_isRefused() {
        FeatureEncoder encoder = new FeatureEncoder(FULL);
        FeatureBatch batch = new FeatureBatch(FULL.rows(), 1);
        encoder.encode(event(0, 1, 2, "a", "b"), batch);

        assertThat(batch.isFull()).isTrue();
        assertThatThrownBy(() -> encoder.encode(event(0, 1, 2, "a", "b"), batch))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the batch is full at 1 rows");
    }

    private static Event event(long timeMs, float distance, float delay, String carrier, @Nullable String origin) {
        return new Event("e", timeMs, new float[] {distance, delay}, new @Nullable String[] {carrier, origin});
    }
}
