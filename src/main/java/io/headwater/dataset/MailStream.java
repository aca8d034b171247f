package io.headwater.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.event.EventLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.LongStream;

/**
 * Recorded mail as an endless stream in the order of its dates: each mail's event, and some time later its labelled
 * example. The first mails are the source. One thread owns it.
 */
public final class MailStream implements RecordedStream {
    /*
     * The collection was gathered in bursts: half of it is of four months, some days have hundreds. So the stream's
     * clock, by which records are due, gives each mail one second, in the order of the dates; the date itself is the
     * event's time. A mail is judged by its reader a minute of that clock later, 60 mails on.
     */
    /** What a model sees of a mail. */
    public static final EventLayout LAYOUT = new EventLayout(List.of(), List.of(), List.of("body"));

    /** How long a reader takes to say what a mail was, on the stream's clock. */
    public static final Duration LABEL_DELAY = Duration.ofSeconds(60);

    private static final long MAIL_MS = 1000;
    private static final int MAX_CHARS = 8_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Mail> source;
    private final List<Mail> stream;
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Queue<Long> owed = new ArrayDeque<>();
    private long nextSlot;

    /**
     * @param mails in the order of their dates
     * @param sourceMails how many of them, the first ones, the source model is developed on
     */
    public MailStream(List<Mail> mails, int sourceMails) {
        this(mails, sourceMails, 0, LongStream.empty());
    }

    /**
     * The stream as it goes on after a stop.
     *
     * @param nextSlot the first event to come
     * @param owed the events that went out but whose labels have not
     */
    public MailStream(List<Mail> mails, int sourceMails, long nextSlot, LongStream owed) {
        if (sourceMails < 1 || sourceMails >= mails.size()) {
            throw new IllegalArgumentException(
                    "source mails are " + sourceMails + " of " + mails.size() + "; some must be left for the stream");
        }
        this.source = List.copyOf(mails.subList(0, sourceMails));
        this.stream = List.copyOf(mails.subList(sourceMails, mails.size()));
        for (int rank = 0; rank < stream.size(); rank++) {
            ranks.put(stream.get(rank).id(), rank);
        }
        this.nextSlot = nextSlot;
        owed.sorted().forEach(this.owed::add);
    }

    private Mail mail(long slot) {
        return stream.get((int) (slot % stream.size()));
    }

    private String id(long slot) {
        long pass = slot / stream.size();
        return pass == 0 ? mail(slot).id() : mail(slot).id() + '#' + (pass + 1);
    }

    private static long dueMs(long slot) {
        return slot * MAIL_MS;
    }

    private static long labelDueMs(long slot) {
        return dueMs(slot) + LABEL_DELAY.toMillis();
    }

    @Override
    public StreamItem next() {
        Long labeled = owed.peek();
        if (labeled != null && labelDueMs(labeled) <= dueMs(nextSlot)) {
            owed.remove();
            Mail mail = mail(labeled);
            return item(StreamItem.Kind.LABEL, labeled, labelDueMs(labeled), labeled(id(labeled), mail), mail);
        }
        long slot = nextSlot++;
        owed.add(slot);
        Mail mail = mail(slot);
        return item(StreamItem.Kind.EVENT, slot, dueMs(slot), event(id(slot), mail), mail);
    }

    private StreamItem item(StreamItem.Kind kind, long slot, long dueMs, ObjectNode value, Mail mail) {
        int label = kind == StreamItem.Kind.EVENT ? -1 : mail.spam() ? 1 : 0;
        String id = id(slot);
        return new StreamItem(kind, dueMs, slot, id, id.getBytes(StandardCharsets.UTF_8), bytes(value), label);
    }

    private static ObjectNode event(String id, Mail mail) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("time", mail.date().toEpochMilli())
                .put("body", start(mail.text()));
    }

    private static ObjectNode labeled(String id, Mail mail) {
        return event(id, mail)
                .put("label", mail.spam() ? 1 : 0)
                .put("label_time", mail.date().plus(LABEL_DELAY).toEpochMilli());
    }

    /** No model here reads further. */
    private static String start(String text) {
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS);
    }

    private static byte[] bytes(ObjectNode value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a mail cannot be written as JSON", e);
        }
    }

    @Override
    public long slotOf(String id) {
        int mark = id.indexOf('#');
        Integer rank = ranks.get(mark < 0 ? id : id.substring(0, mark));
        if (rank == null) {
            return -1;
        }
        try {
            long pass = mark < 0 ? 0 : Long.parseLong(id, mark + 1, id.length(), 10) - 1;
            return pass < 0 || mark >= 0 && pass < 1 ? -1 : pass * stream.size() + rank;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public long passes() {
        return nextSlot / stream.size() + 1;
    }

    @Override
    public List<byte[]> sourceExamples() {
        List<byte[]> examples = new ArrayList<>();
        source.forEach(mail -> examples.add(bytes(labeled(mail.id(), mail))));
        return examples;
    }

    @Override
    public double sourceRate() {
        return source.stream().filter(Mail::spam).count() / (double) source.size();
    }
}
