package io.headwater.actors.app.demo;

import io.headwater.dataset.RecordedStream;
import io.headwater.event.EventLayout;
import java.util.Map;
import java.util.stream.LongStream;

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
}
