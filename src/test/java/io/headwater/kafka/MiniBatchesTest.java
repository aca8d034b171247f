package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.DeadLetter;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiniBatchesTest {
    private static final Partition ZERO = new Partition("labels", 0);
    private static final Partition ONE = new Partition("labels", 1);

    @Test
    void labeled_coversRefusedRecordsAndListsThem() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1, 2});
        PolledRecord<LabeledExample> bad = new PolledRecord<>(
                8, 0, new byte[] {9}, Records.utf8("{"), headers, Records.CODEC.labeled(Records.utf8("{")));
        PolledBatch<LabeledExample> batch =
                new PolledBatch<>(ZERO, 5, List.of(record(7, Records.labeled("a", 1)), bad, record(9, null)));

        MiniBatches.Formed<MiniBatch> formed = MiniBatches.labeled(List.of(batch));

        assertThat(formed.batch().examples())
                .extracting(example -> example.event().id())
                .containsExactly("a");
        assertThat(formed.batch().ranges()).containsExactly(new OffsetRange(ZERO, 7, 10));
        assertThat(formed.refused()).extracting(DeadLetter::offset).containsExactly(8L, 9L);
        DeadLetter letter = formed.refused().get(0);
        assertThat(letter.key()).containsExactly(9);
        assertThat(letter.value()).isEqualTo(Records.utf8("{"));
        assertThat(letter.headers()).extracting(DeadLetter.Header::name).containsExactly("trace");
        assertThat(letter.reason()).contains("malformed");
    }

    @Test
    void ranges_mergeWhereNothingLiesBetween_andOnlyThere() {
        PolledBatch<LabeledExample> first = batch(ZERO, 0, 0, 1, 2);
        PolledBatch<LabeledExample> behindAMarker = batch(ZERO, 3, 4, 5);
        PolledBatch<LabeledExample> other = batch(ONE, 0, 0);
        PolledBatch<LabeledExample> again = batch(ZERO, 6, 6);
        PolledBatch<LabeledExample> skipped = batch(ZERO, 100, 100);

        assertThat(MiniBatches.labeled(List.of(first, behindAMarker, other, again, skipped))
                        .batch()
                        .ranges())
                .containsExactly(
                        new OffsetRange(ZERO, 0, 6),
                        new OffsetRange(ONE, 0, 1),
                        new OffsetRange(ZERO, 6, 7),
                        new OffsetRange(ZERO, 100, 101));
    }

    @Test
    void range_goesOnBehindTheMarkersThatWerePassed_andMergesThere() {
        PolledBatch<LabeledExample> first = new PolledBatch<>(
                ZERO, 0, List.of(record(0, Records.labeled("a", 1)), record(3, Records.labeled("b", 1))), 6);

        assertThat(ranges(first, batch(ZERO, 6, 6))).containsExactly(new OffsetRange(ZERO, 0, 7));
        assertThat(ranges(first, batch(ZERO, 7, 7)))
                .containsExactly(new OffsetRange(ZERO, 0, 6), new OffsetRange(ZERO, 7, 8));
        assertThat(ranges(first.slice(0, 1))).containsExactly(new OffsetRange(ZERO, 0, 3));
        assertThat(ranges(first.slice(1, 2))).containsExactly(new OffsetRange(ZERO, 3, 6));
    }

    @SafeVarargs
    private static List<OffsetRange> ranges(PolledBatch<LabeledExample>... taken) {
        return MiniBatches.labeled(List.of(taken)).batch().ranges();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void slices_ofABatch_formWhatTheWholeForms(long seed) {
        Random random = new Random(seed);
        int[] offsets = new int[50];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + 1 + (random.nextInt(4) == 0 ? random.nextInt(3) : 0);
        }
        PolledBatch<LabeledExample> whole = batch(ZERO, 0, offsets);
        List<PolledBatch<LabeledExample>> slices = new ArrayList<>();
        for (int at = 0; at < whole.size(); ) {
            int until = Math.min(whole.size(), at + 1 + random.nextInt(9));
            slices.add(whole.slice(at, until));
            at = until;
        }

        MiniBatch expected = MiniBatches.labeled(List.of(whole)).batch();
        MiniBatch formed = MiniBatches.labeled(slices).batch();

        assertThat(formed.inputSha256()).isEqualTo(expected.inputSha256());
        assertThat(formed.ranges()).isEqualTo(expected.ranges()).hasSize(1);
        assertThat(formed.examples()).hasSize(50);
    }

    @Test
    void hash_tellsBoundariesNullsAndOrderApart() {
        assertThat(List.of(
                        hash("ab", "c"),
                        hash("a", "bc"),
                        hash("abc"),
                        hash("c", "ab"),
                        hash("", "abc"),
                        hash(),
                        hash(""),
                        hash((String) null)))
                .doesNotHaveDuplicates()
                .allMatch(sha -> sha.matches("[0-9a-f]{64}"));
    }

    private static String hash(@Nullable String... values) {
        List<PolledRecord<LabeledExample>> records = IntStream.range(0, values.length)
                .mapToObj(i -> {
                    String value = values[i];
                    return record(i, value == null ? null : Records.utf8(value));
                })
                .toList();
        List<PolledBatch<LabeledExample>> taken =
                records.isEmpty() ? List.of() : List.of(new PolledBatch<>(ZERO, 0, records));
        return MiniBatches.labeled(taken).batch().inputSha256();
    }

    private static PolledBatch<LabeledExample> batch(Partition partition, long from, int... offsets) {
        return new PolledBatch<>(
                partition,
                from,
                IntStream.of(offsets)
                        .mapToObj(offset -> record(offset, Records.labeled("e" + offset, 1)))
                        .toList());
    }

    private static PolledRecord<LabeledExample> record(long offset, byte @Nullable [] value) {
        return new PolledRecord<>(offset, 0, null, value, new RecordHeaders(), Records.CODEC.labeled(value));
    }
}
