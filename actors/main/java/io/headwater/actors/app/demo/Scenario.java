package io.headwater.actors.app.demo;

import io.headwater.cli.CommandFailedException;
import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.dataset.RecordedStream;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What the demo replays, and how the model that scores it is set up. */
public interface Scenario {
    /** The model's name; topics begin with it. */
    String model();

    /** The fields of an event. */
    EventLayout layout();

    /** The model's settings, below {@code headwater.models.NAME}; the source examples' file is added to them. */
    Map<String, Object> settings();

    /** The stream from its beginning. */
    RecordedStream stream();

    /**
     * The stream as it goes on after a stop.
     *
     * @param nextSlot the first event to come
     * @param owed the events that went out but whose labels have not
     */
    RecordedStream stream(long nextSlot, LongStream owed);

    /** Where the stream's events go: to the model, or to what makes its events of them. */
    default String eventTopic() {
        return model() + ".events";
    }

    /**
     * Takes a folder for this stream, before anything is opened in it.
     *
     * @throws CommandFailedException if it holds another stream, with which this one cannot go on
     */
    default void claim(Path work) throws IOException {}

    /** Starts what makes the model's events, if anything does; closed before the broker. */
    default AutoCloseable start(Map<String, String> client, Path work) throws InterruptedException {
        return () -> {};
    }

    /** The id of a record that was sent; null where another producer wrote it. */
    default @Nullable String idOf(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
    }

    /**
     * The event of an item, with all that the model sees of it.
     *
     * @param item what {@code stream} gave last
     */
    default Event event(RecordedStream stream, StreamItem item, EventCodec codec) {
        Decoded<Event> decoded = codec.event(item.value());
        if (decoded instanceof Decoded.Ok<Event> ok) {
            return ok.value();
        }
        throw new IllegalStateException("the replayed event " + item.id() + " cannot be read: " + decoded);
    }

    /** Further models of the service over the same events and labels. */
    default List<Beside> beside() {
        return List.of();
    }

    /**
     * A further model.
     *
     * @param settings as {@link Scenario#settings}
     * @param scored is told of its first score of each event
     */
    record Beside(String model, Map<String, Object> settings, ScoreListener scored) {}

    /** Is told of scores. */
    interface ScoreListener {
        void scored(long slot, float probability);
    }

    /** Who is told what the models said of each event. */
    default Ledger.Settled settled() {
        return Ledger.Settled.NOBODY;
    }

    /** What this scenario alone shows, where there is something. */
    default @Nullable Findings findings(Ledger ledger) {
        return null;
    }

    /** What this scenario alone tells while it runs, on a few words. */
    default String standing() {
        return "";
    }
}
