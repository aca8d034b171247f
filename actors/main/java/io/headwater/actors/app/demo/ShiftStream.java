package io.headwater.actors.app.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headwater.dataset.RecordedStream;
import io.headwater.dataset.StreamItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Payments of two regions in the order of their times, and each one's labelled example when its region knows it. The
 * source examples are of home alone. One thread owns it.
 */
final class ShiftStream implements RecordedStream {
    /** In which the features' windows fill, in both regions. */
    private static final Duration WARM = Duration.ofDays(14);
    /** Home's payments that the source model is developed on. */
    private static final Duration SOURCE = Duration.ofDays(14);

    private static final char LIVE = 'p';
    private static final char PAST = 's';
    private static final JsonFactory JSON = new JsonFactory();

    private final long seed;
    private final Watch watch;
    private final RegionPayments home;
    private final RegionPayments abroad;
    private final Queue<Waiting> waiting = new PriorityQueue<>(
            Comparator.comparingLong((Waiting label) -> label.paid.labelMs()).thenComparingLong(Waiting::slot));
    private final long beginMs;
    private final long firstEvent;
    private final long firstTargetLabelMs;
    private long nextSlot;

    /** Is told of each payment before it goes out, and after a stop of each that went out before. */
    interface Watch {
        Watch NOBODY = (slot, paid, day) -> {};

        /** @param day of the stream, from 0 */
        void paid(long slot, RegionPayments.Paid paid, int day);
    }

    private record Waiting(long slot, RegionPayments.Paid paid) {}

    /**
     * Slots begin with home's payments of the week before the stream, which are never sent, while their labels are.
     *
     * @param nextSlot the first payment to come; any before the stream's for its beginning
     * @param owed of the payments before that, those whose labels are to come
     */
    ShiftStream(long seed, Watch watch, long nextSlot, LongPredicate owed) {
        this.seed = seed;
        this.watch = watch;
        this.home = new RegionPayments(Region.home(seed));
        this.abroad = new RegionPayments(Region.abroad(seed));
        Region source = Region.home(seed);
        long zeroMs = source.payments()
                .start()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
        this.beginMs = zeroMs + WARM.plus(SOURCE).plus(source.labelDelay()).toMillis();
        skip(home, beginMs - source.labelDelay().toMillis());
        skip(abroad, beginMs);
        this.firstTargetLabelMs =
                abroad.timeMs() + Region.abroad(seed).labelDelay().toMillis();
        while (home.timeMs() < beginMs) {
            await(home.take(), owed);
        }
        this.firstEvent = this.nextSlot;
        while (this.nextSlot < nextSlot) {
            RegionPayments.Paid paid = take();
            watch.paid(this.nextSlot, paid, day(paid));
            await(paid, owed);
        }
    }

    private static void skip(RegionPayments payments, long untilMs) {
        while (payments.timeMs() < untilMs) {
            payments.take();
        }
    }

    private void await(RegionPayments.Paid paid, LongPredicate owed) {
        if (owed.test(nextSlot)) {
            waiting.add(new Waiting(nextSlot, paid));
        }
        nextSlot++;
    }

    private RegionPayments.Paid take() {
        return home.timeMs() <= abroad.timeMs() ? home.take() : abroad.take();
    }

    private int day(RegionPayments.Paid paid) {
        return (int) Duration.ofMillis(paid.timeMs() - beginMs).toDays();
    }

    @Override
    public StreamItem next() {
        Waiting due = waiting.peek();
        if (due != null && due.paid.labelMs() <= Math.min(home.timeMs(), abroad.timeMs())) {
            waiting.remove();
            return item(StreamItem.Kind.LABEL, due.slot, due.paid);
        }
        RegionPayments.Paid paid = take();
        long slot = nextSlot;
        await(paid, any -> true);
        watch.paid(slot, paid, day(paid));
        return item(StreamItem.Kind.EVENT, slot, paid);
    }

    private static StreamItem item(StreamItem.Kind kind, long slot, RegionPayments.Paid paid) {
        boolean isLabel = kind == StreamItem.Kind.LABEL;
        String id = LIVE + Long.toString(slot);
        return new StreamItem(
                kind,
                isLabel ? paid.labelMs() : paid.timeMs(),
                slot,
                id,
                id.getBytes(StandardCharsets.US_ASCII),
                json(id, paid, isLabel ? paid.fraud() : null),
                isLabel ? (paid.fraud() ? 1 : 0) : -1);
    }

    private static byte[] json(String id, RegionPayments.Paid paid, @Nullable Boolean fraud) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(640);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeNumberField("time", paid.timeMs());
            json.writeStringField("region", paid.region().name());
            if (fraud != null) {
                json.writeNumberField("label", fraud ? 1 : 0);
                json.writeNumberField("label_time", paid.labelMs());
            }
            for (int i = 0; i < paid.values().length; i++) {
                json.writeNumberField(RegionPayments.FEATURES.get(i), paid.values()[i]);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public long slotOf(String id) {
        if (id.isEmpty() || id.charAt(0) != LIVE) {
            return -1;
        }
        try {
            return Math.max(-1, Long.parseLong(id, 1, id.length(), 10));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public long firstEvent() {
        return firstEvent;
    }

    /** What was generated never repeats. */
    @Override
    public long passes() {
        return 1;
    }

    private List<RegionPayments.Paid> source() {
        Region region = Region.home(seed);
        RegionPayments before = new RegionPayments(region);
        long endMs = beginMs - region.labelDelay().toMillis();
        skip(before, endMs - SOURCE.toMillis());
        List<RegionPayments.Paid> source = new ArrayList<>();
        while (before.timeMs() < endMs) {
            source.add(before.take());
        }
        return source;
    }

    @Override
    public List<byte[]> sourceExamples() {
        List<RegionPayments.Paid> source = source();
        List<byte[]> examples = new ArrayList<>(source.size());
        for (RegionPayments.Paid paid : source) {
            examples.add(json(PAST + Integer.toString(examples.size()), paid, paid.fraud()));
        }
        return examples;
    }

    @Override
    public double sourceRate() {
        return source().stream()
                .mapToInt(paid -> paid.fraud() ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    /** When the stream begins, on its own clock: its day 0. */
    long beginMs() {
        return beginMs;
    }

    /** When the first label of the target is due; until then a model knows of its traffic alone. */
    long firstTargetLabelMs() {
        return firstTargetLabelMs;
    }
}
