package io.headwater.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headwater.event.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A flight as the JSON of the events topic, {@code {"id", "time", fields}}, and of the labelled topic, which adds
 * {@code "label"} and {@code "label_time"}. The fields never change between two passes of a month, so they are written
 * once.
 */
final class FlightJson {
    private static final JsonFactory JSON = new JsonFactory();

    /** The fields and the closing brace. */
    private final byte[] fields;

    FlightJson(Flight flight) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("Carrier", flight.carrier());
            json.writeStringField("Origin", flight.origin());
            json.writeStringField("Dest", flight.dest());
            json.writeNumberField("Distance", flight.distanceMiles());
            json.writeNumberField("CRSElapsedTime", flight.elapsedMinutes());
            json.writeNumberField("CRSDepTime", flight.departureLocal());
            json.writeNumberField("CRSArrTime", flight.arrivalLocal());
            json.writeStringField("DepTimeBlk", flight.departureBlock());
            json.writeStringField("ArrTimeBlk", flight.arrivalBlock());
            json.writeNumberField("DayOfWeek", flight.dayOfWeek());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] object = bytes.toByteArray();
        fields = Arrays.copyOfRange(object, 1, object.length);
    }

    byte[] event(String id, long timeMs) {
        return object("{\"id\":\"" + id + "\",\"time\":" + timeMs + ',');
    }

    byte[] labeled(String id, long timeMs, Label label) {
        return object("{\"id\":\"" + id + "\",\"time\":" + timeMs + ",\"label\":" + (int) label.value()
                + ",\"label_time\":" + label.timeMs() + ',');
    }

    private byte[] object(String head) {
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] value = Arrays.copyOf(start, start.length + fields.length);
        System.arraycopy(fields, 0, value, start.length, fields.length);
        return value;
    }
}
