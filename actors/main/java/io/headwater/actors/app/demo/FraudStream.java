package io.headwater.actors.app.demo;

import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudSettings;
import io.headwater.dataset.RecordedStream;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import io.headwater.event.Label;
import io.headwater.join.Velocity;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocityJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Generated card payments: each payment when it is made, as its terminal sends it, and seven days later its labelled
 * example, with the features that the payment had. One thread owns it.
 */
final class FraudStream implements RecordedStream {
    /*
     * The past of the stream: days in which nothing but the features' memory fills, days of source examples, and as many
     * as their labels take. Features are computed here as they are in the topology, so that a labelled example, and what
     * the frozen model is shown, is the very row that was scored. That the label is taken in at once changes nothing,
     * since windows of risk end longer ago than labels take.
     */
    static final Duration LABEL_DELAY = Duration.ofDays(7);

    private static final char MARK = 'p';

    private final FraudSettings settings;
    private final Days days;
    private final VelocityFeatures features;
    private final VelocityJson json;
    private final Watch watch;
    private final FraudGenerator generator;
    private final Velocity velocity;
    private final Queue<Paid> owed = new ArrayDeque<>();
    private final long firstSlot;
    private @Nullable Paid newest;

    /**
     * Days before the stream begins.
     *
     * @param warm in which windows fill
     * @param source whose payments the source model is developed on
     */
    record Days(int warm, int source) {
        int first() {
            return warm + source + (int) LABEL_DELAY.toDays();
        }
    }

    /** Is told of each payment before it goes out. */
    interface Watch {
        void paid(long slot, int card, int day);
    }

    private record Paid(long slot, int day, long timeMs, int card, int terminal, float[] features, boolean fraud) {
        String id() {
            return MARK + Long.toString(slot);
        }

        String cardName() {
            return "card-" + card;
        }

        String terminalName() {
            return "terminal-" + terminal;
        }

        byte[] raw(@Nullable Label label) {
            String known = label == null ? "" : ",\"label\":" + (int) label.value();
            return ("{\"id\":\"" + id() + "\",\"time\":" + timeMs + ",\"card\":\"" + cardName() + "\",\"terminal\":\""
                            + terminalName() + "\",\"amount\":" + features[0] + known + '}')
                    .getBytes(StandardCharsets.US_ASCII);
        }

        Label label() {
            return new Label(fraud ? 1 : 0, timeMs + LABEL_DELAY.toMillis());
        }
    }

    /**
     * @param nextSlot the first payment to come, or any of before the stream for its beginning
     * @param owed the payments that went out but whose labels have not
     */
    FraudStream(
            FraudSettings settings, Days days, VelocityFeatures features, Watch watch, long nextSlot, LongStream owed) {
        this.settings = settings;
        this.days = days;
        this.features = features;
        this.json = new VelocityJson(features);
        this.watch = watch;
        this.generator = new FraudGenerator(settings);
        this.velocity = new Velocity(features, settings.customers(), settings.terminals());
        Set<Long> waiting = owed.boxed().collect(Collectors.toSet());
        generator.next();
        while (generator.day() < days.first()) {
            take();
        }
        this.firstSlot = generator.number();
        while (generator.number() < nextSlot) {
            Paid paid = take();
            watch.paid(paid.slot, paid.card, paid.day);
            if (waiting.contains(paid.slot)) {
                this.owed.add(paid);
            }
        }
    }

    /** Takes the payment that the generator stands at and goes to the next. */
    private Paid take() {
        float[] known = new float[features.layout().numeric().size()];
        velocity.paid(generator.card(), generator.terminal(), generator.timeMs(), generator.amount(), known);
        velocity.confirmed(generator.terminal(), generator.timeMs(), generator.isFraud());
        Paid paid = new Paid(
                generator.number(),
                generator.day(),
                generator.timeMs(),
                generator.card(),
                generator.terminal(),
                known,
                generator.isFraud());
        generator.next();
        return paid;
    }

    @Override
    public StreamItem next() {
        Paid due = owed.peek();
        if (due != null && due.label().timeMs() <= generator.timeMs()) {
            owed.remove();
            newest = due;
            Label label = due.label();
            return new StreamItem(
                    StreamItem.Kind.LABEL,
                    label.timeMs(),
                    due.slot,
                    due.id(),
                    due.id().getBytes(StandardCharsets.US_ASCII),
                    labeled(due),
                    due.fraud ? 1 : 0);
        }
        Paid paid = take();
        owed.add(paid);
        newest = paid;
        watch.paid(paid.slot, paid.card, paid.day);
        byte[] key = paid.cardName().getBytes(StandardCharsets.US_ASCII);
        return new StreamItem(StreamItem.Kind.EVENT, paid.timeMs, paid.slot, paid.id(), key, paid.raw(null), -1);
    }

    private byte[] labeled(Paid paid) {
        return json.labeled(paid.id(), paid.timeMs, paid.cardName(), paid.terminalName(), paid.label(), paid.features);
    }

    /** The event, with all its features, of the item that {@link #next} gave last. */
    Event newest() {
        Paid paid = Objects.requireNonNull(newest);
        return new Event(paid.id(), paid.timeMs, paid.features, new String[0]);
    }

    @Override
    public long slotOf(String id) {
        if (id.isEmpty() || id.charAt(0) != MARK) {
            return -1;
        }
        try {
            long slot = Long.parseLong(id, 1, id.length(), 10);
            return slot < firstSlot ? -1 : slot;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** What was generated never repeats. */
    @Override
    public long passes() {
        return 1;
    }

    /** Hands over what was before the stream: each payment and right after it its label, as the topology reads them. */
    void past(java.util.function.Consumer<byte[]> records) {
        FraudStream before = new FraudStream(this);
        while (before.generator.day() < days.first()) {
            Paid paid = before.take();
            records.accept(paid.raw(null));
            records.accept(paid.raw(paid.label()));
        }
    }

    /** The same one on its first day. */
    private FraudStream(FraudStream of) {
        settings = of.settings;
        days = of.days;
        features = of.features;
        json = of.json;
        watch = of.watch;
        generator = new FraudGenerator(settings);
        generator.next();
        velocity = new Velocity(features, settings.customers(), settings.terminals());
        firstSlot = of.firstSlot;
    }

    private List<Paid> source() {
        List<Paid> source = new ArrayList<>();
        FraudStream before = new FraudStream(this);
        while (before.generator.day() < days.warm() + days.source()) {
            Paid paid = before.take();
            if (paid.day >= days.warm()) {
                source.add(paid);
            }
        }
        return source;
    }

    @Override
    public List<byte[]> sourceExamples() {
        return source().stream().map(this::labeled).toList();
    }

    @Override
    public double sourceRate() {
        return source().stream().mapToInt(paid -> paid.fraud ? 1 : 0).average().orElse(Double.NaN);
    }
}
