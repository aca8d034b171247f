package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.dataset.StreamItem.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MailStreamTest {
    private static final int SOURCE = 20;
    private static final List<Mail> MAILS = IntStream.range(0, 120)
            .mapToObj(i -> new Mail("m" + i, Instant.ofEpochSecond(1000 + i), i % 4 == 0, "text \u20ac " + i))
            .toList();

    private static List<StreamItem> take(MailStream stream, int count) {
        List<StreamItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(stream.next());
        }
        return items;
    }

    @Test
    void source_isThePast_andTheStreamGoesOn() throws IOException {
        MailStream stream = new MailStream(MAILS, SOURCE);

        assertThat(stream.sourceExamples()).hasSize(SOURCE);
        assertThat(stream.sourceRate()).isEqualTo(0.25);
        StreamItem first = stream.next();
        JsonNode event = new ObjectMapper().readTree(first.value());
        assertThat(first.kind()).isEqualTo(Kind.EVENT);
        assertThat(event.path("id").asText()).isEqualTo("m20");
        assertThat(event.path("time").asLong()).isEqualTo(1_020_000);
        assertThat(event.path("body").asText()).isEqualTo("text \u20ac 20");
        assertThat(event.has("label")).isFalse();
    }

    @Test
    void label_comesAMinuteOfTheStreamLater_beforeTheEventOfThatMoment() throws IOException {
        List<StreamItem> items = take(new MailStream(MAILS, SOURCE), 63);

        assertThat(items.subList(0, 60)).allMatch(item -> item.kind() == Kind.EVENT);
        assertThat(items.get(60).kind()).isEqualTo(Kind.LABEL);
        assertThat(items.get(60).id()).isEqualTo("m20");
        assertThat(items.get(60).timeMs()).isEqualTo(60_000);
        assertThat(items.get(60).label()).isEqualTo(1);
        assertThat(new ObjectMapper()
                        .readTree(items.get(60).value())
                        .path("label")
                        .asInt())
                .isEqualTo(1);
        assertThat(items.get(61).kind()).isEqualTo(Kind.EVENT);
        assertThat(items.get(62).kind()).isEqualTo(Kind.LABEL);
    }

    @Test
    void streamBeginsAgain_withFreshIds_thatLeadBackToTheirSlots() {
        MailStream stream = new MailStream(MAILS, SOURCE);
        List<StreamItem> items = take(stream, 2 * 250);

        assertThat(stream.passes()).isEqualTo(3);
        assertThat(items.stream().map(item -> item.kind() + item.id())).doesNotHaveDuplicates();
        assertThat(items)
                .allSatisfy(item -> assertThat(stream.slotOf(item.id())).isEqualTo(item.slot()));
        assertThat(stream.slotOf("m20#2")).isEqualTo(100);
        assertThat(LongStream.of(stream.slotOf("m3"), stream.slotOf("m20#1"), stream.slotOf("m20#x")))
                .containsOnly(-1L);
    }

    @Test
    void resumedStream_goesOnAsIfItHadNotStopped() {
        MailStream whole = new MailStream(MAILS, SOURCE);
        List<StreamItem> before = take(whole, 101);
        long[] owed = before.stream()
                .filter(item -> item.kind() == Kind.EVENT)
                .mapToLong(StreamItem::slot)
                .filter(slot -> before.stream().noneMatch(item -> item.kind() == Kind.LABEL && item.slot() == slot))
                .toArray();
        long next = before.stream().mapToLong(StreamItem::slot).max().orElseThrow() + 1;

        MailStream resumed = new MailStream(MAILS, SOURCE, next, LongStream.of(owed));

        assertThat(take(resumed, 150))
                .extracting(StreamItem::id, StreamItem::kind, StreamItem::timeMs)
                .isEqualTo(take(whole, 150).stream()
                        .map(item -> org.assertj.core.groups.Tuple.tuple(item.id(), item.kind(), item.timeMs()))
                        .toList());
    }

    @Test
    void noMailLeftForTheStream_isRefused() {
        assertThatThrownBy(() -> new MailStream(MAILS, 120)).hasMessageContaining("some must be left");
    }
}
