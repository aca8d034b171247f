package io.headwater.dataset;

import io.headwater.event.Label;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The recorded flights as an endless stream in time order: each flight's event at its scheduled departure, its labelled
 * example at its actual arrival. It begins after the source days, whose flights train the source model. One thread owns
 * it.
 */
public final class FlightStream implements RecordedStream {
    /*
     * When the month has run out it begins again, four weeks later and with fresh ids ("...#2"). What repeats is its
     * last 28 days: a whole number of weeks, so that every flight keeps its weekday and its hour, and no more than the
     * recording covers, so that the stream has neither a gap nor a day twice. Days begin at 09:00 UTC, when the fewest
     * flights of all zones are in the air; the few later flights of the last evening come in the first hours of the
     * next pass, which their remainder by 28 days says.
     *
     * The slot of an event is 28-day period * flights of a period + rank in the period. Slots of events before the
     * cut-off, and of the last evening's flights in period 0, are never used.
     */
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long PERIOD_DAYS = 28;
    private static final long PERIOD_MS = PERIOD_DAYS * DAY_MS;
    private static final long MONTH_DAYS = 31;
    private static final long MONTH_START_MS =
            Instant.parse("2014-01-01T09:00:00Z").toEpochMilli();
    private static final long PERIOD_START_MS = MONTH_START_MS + (MONTH_DAYS - PERIOD_DAYS) * DAY_MS;

    /** A flight of the repeated period. */
    private record Departure(Flight flight, long phaseMs, int wrap, FlightJson json) {
        static Departure of(Flight flight) {
            long since = flight.timeMs() - PERIOD_START_MS;
            return new Departure(flight, since % PERIOD_MS, (int) (since / PERIOD_MS), new FlightJson(flight));
        }
    }

    private record Due(long timeMs, long slot) {}

    private final List<Flight> flights;
    private final Departure[] period;
    private final Map<String, Integer> ranks = new HashMap<>();
    private final long cutOffMs;
    private final PriorityQueue<Due> labels =
            new PriorityQueue<>(Comparator.comparingLong(Due::timeMs).thenComparingLong(Due::slot));
    private long nextSlot;

    /**
     * @param flights of January 2014, in time order
     * @param sourceDays how many days go before the stream, 3 to 27
     */
    public FlightStream(List<Flight> flights, int sourceDays) {
        this(flights, sourceDays, 0, LongStream.empty());
    }

    /**
     * The stream as it goes on after a stop.
     *
     * @param nextSlot the first event to come
     * @param pending the events that went out but whose labels have not; those without a label are passed over
     */
    public FlightStream(List<Flight> flights, int sourceDays, long nextSlot, LongStream pending) {
        long spare = MONTH_DAYS - PERIOD_DAYS;
        if (sourceDays < spare || sourceDays > PERIOD_DAYS - 1) {
            throw new IllegalArgumentException(
                    "source days must be in " + spare + ".." + (PERIOD_DAYS - 1) + ", not " + sourceDays);
        }
        this.flights = flights;
        this.cutOffMs = MONTH_START_MS + sourceDays * DAY_MS;
        this.period = flights.stream()
                .filter(flight -> flight.timeMs() >= PERIOD_START_MS)
                .map(Departure::of)
                .sorted(Comparator.comparingLong(Departure::phaseMs)
                        .thenComparing(departure -> departure.flight().id()))
                .toArray(Departure[]::new);
        for (int rank = 0; rank < period.length; rank++) {
            ranks.put(period[rank].flight.id(), rank);
        }
        if (period.length == 0) {
            throw new IllegalArgumentException(
                    "none of the " + flights.size() + " flights departs in the repeated days");
        }
        this.nextSlot = nextSlot;
        while (pass(this.nextSlot) < 0 || timeMs(this.nextSlot) < cutOffMs) {
            this.nextSlot++;
        }
        pending.forEach(this::awaitLabel);
    }

    private Departure departure(long slot) {
        return period[(int) (slot % period.length)];
    }

    /** How often the flight of this slot came before. */
    private long pass(long slot) {
        return slot / period.length - departure(slot).wrap;
    }

    /** When the event of {@code slot} is due: its scheduled departure, in the pass that the slot belongs to. */
    public long timeMs(long slot) {
        return PERIOD_START_MS + slot / period.length * PERIOD_MS + departure(slot).phaseMs;
    }

    private String id(long slot) {
        long pass = pass(slot);
        String first = departure(slot).flight.id();
        return pass == 0 ? first : first + '#' + (pass + 1);
    }

    private @Nullable Label label(long slot) {
        Flight flight = departure(slot).flight;
        Label label = flight.label();
        return label == null ? null : new Label(label.value(), label.timeMs() - flight.timeMs() + timeMs(slot));
    }

    private void awaitLabel(long slot) {
        Label label = label(slot);
        if (label != null) {
            labels.add(new Due(label.timeMs(), slot));
        }
    }

    @Override
    public long slotOf(String id) {
        int mark = id.indexOf('#');
        Integer rank = ranks.get(mark < 0 ? id : id.substring(0, mark));
        if (rank == null) {
            return -1;
        }
        long pass = 0;
        if (mark >= 0) {
            try {
                pass = Long.parseLong(id, mark + 1, id.length(), 10) - 1;
            } catch (NumberFormatException e) {
                return -1;
            }
            if (pass < 1) {
                return -1;
            }
        }
        return (pass + period[rank].wrap) * period.length + rank;
    }

    @Override
    public long passes() {
        return nextSlot / period.length + 1;
    }

    @Override
    public StreamItem next() {
        Due due = labels.peek();
        if (due != null && due.timeMs <= timeMs(nextSlot)) {
            labels.remove();
            return labelItem(due.slot);
        }
        StreamItem item = eventItem(nextSlot);
        awaitLabel(nextSlot);
        nextSlot++;
        return item;
    }

    private StreamItem eventItem(long slot) {
        String id = id(slot);
        long time = timeMs(slot);
        byte[] value = departure(slot).json.event(id, time);
        return new StreamItem(StreamItem.Kind.EVENT, time, slot, id, key(id), value, -1);
    }

    private StreamItem labelItem(long slot) {
        String id = id(slot);
        Label label = Objects.requireNonNull(label(slot));
        byte[] value = departure(slot).json.labeled(id, timeMs(slot), label);
        return new StreamItem(
                StreamItem.Kind.LABEL, label.timeMs(), slot, id, key(id), value, label.value() == 1 ? 1 : 0);
    }

    private static byte[] key(String id) {
        return id.getBytes(StandardCharsets.US_ASCII);
    }

    /** When the source days end and the stream begins, milliseconds since the epoch, UTC. */
    public long cutOffMs() {
        return cutOffMs;
    }

    /** Flights that were still in the air when the stream begins are left out, here and in the stream. */
    @Override
    public List<byte[]> sourceExamples() {
        return known().map(flight -> new FlightJson(flight).labeled(flight.id(), flight.timeMs(), labelOf(flight)))
                .toList();
    }

    @Override
    public double sourceRate() {
        return known().mapToDouble(flight -> labelOf(flight).value()).average().orElse(Double.NaN);
    }

    private Stream<Flight> known() {
        return flights.stream().filter(flight -> {
            Label label = flight.label();
            return label != null && label.timeMs() < cutOffMs;
        });
    }

    private static Label labelOf(Flight flight) {
        return Objects.requireNonNull(flight.label());
    }
}
