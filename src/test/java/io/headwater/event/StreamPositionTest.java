package io.headwater.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPositionTest {
    private static final Partition P0 = new Partition("labels", 0);
    private static final Partition P1 = new Partition("labels", 1);

    @Test
    void nextOf_ofAPartitionNeverTaken_isTheAlternative() {
        StreamPosition position = StreamPosition.START.advance(List.of(new OffsetRange(P0, 5, 9)));

        assertThat(position.nextOf(P0, -1)).isEqualTo(9);
        assertThat(position.nextOf(P1, -1)).isEqualTo(-1);
    }

    @Test
    void advance_overAGap_isAllowed() {
        StreamPosition position = StreamPosition.START.advance(List.of(new OffsetRange(P0, 0, 3)));

        StreamPosition after = position.advance(List.of(new OffsetRange(P0, 3, 4), new OffsetRange(P0, 7, 9)));

        assertThat(after.nextOf(P0, 0)).isEqualTo(9);
        assertThat(position.nextOf(P0, 0)).as("the old position").isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "4,6", "4,20", "0,50"})
    void advance_ofARangeThatBeginsBefore_isRefused(long from, long until) {
        StreamPosition position = StreamPosition.START.advance(List.of(new OffsetRange(P0, 0, 5)));

        assertThatThrownBy(() -> position.advance(List.of(new OffsetRange(P0, from, until))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels-0[" + from + "," + until + ") begins before offset 5, which is the next to take");
    }

    @Test
    void advance_ofRangesThatOverlapEachOther_isRefused() {
        List<OffsetRange> ranges =
                List.of(new OffsetRange(P0, 0, 5), new OffsetRange(P1, 0, 9), new OffsetRange(P0, 4, 8));

        assertThatThrownBy(() -> StreamPosition.START.advance(ranges))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels-0[4,8)");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void advance_byRandomRanges_neverGoesBackAndTakesEachOffsetAtMostOnce(long seed) {
        Random random = new Random(seed);
        StreamPosition position = StreamPosition.START;
        List<OffsetRange> taken = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long from = random.nextInt(200);
            OffsetRange range = new OffsetRange(random.nextBoolean() ? P0 : P1, from, from + 1 + random.nextInt(5));
            long before = position.nextOf(range.partition(), 0);
            try {
                position = position.advance(List.of(range));
                taken.add(range);
            } catch (IllegalArgumentException refused) {
                assertThat(range.from()).isLessThan(before);
            }
            assertThat(position.nextOf(range.partition(), 0)).isGreaterThanOrEqualTo(before);
        }

        for (Partition partition : List.of(P0, P1)) {
            List<Long> offsets = taken.stream()
                    .filter(range -> range.partition().equals(partition))
                    .flatMap(range -> java.util.stream.LongStream.range(range.from(), range.until())
                            .boxed())
                    .toList();
            assertThat(offsets).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    @Test
    void next_isACopyThatNobodyCanWriteTo() {
        SortedMap<Partition, Long> given = new TreeMap<>();
        given.put(P0, 3L);
        StreamPosition position = new StreamPosition(given);
        given.put(P0, 1L);

        assertThat(position.nextOf(P0, 0)).isEqualTo(3);
        assertThatThrownBy(() -> position.next().put(P0, 0L)).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({"-1,3", "3,3", "4,3"})
    void offsetRange_thatIsEmptyOrNegative_isRefused(long from, long until) {
        assertThatThrownBy(() -> new OffsetRange(P0, from, until))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offsets " + from + " until " + until + " of labels-0");
    }
}
