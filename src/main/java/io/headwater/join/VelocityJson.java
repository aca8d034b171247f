package io.headwater.join;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.headwater.event.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes payments with all their features as the events topic has them, {@code {"id", "time", "card", "terminal",
 * features}}, and as the labelled topic has them, with {@code "label"} and {@code "label_time"}: such a record is read by
 * the topology as the payment's label, too.
 */
public final class VelocityJson {
    private static final JsonFactory JSON = new JsonFactory();

    private final SerializableString[] names;

    public VelocityJson(VelocityFeatures features) {
        this.names =
                features.layout().numeric().stream().map(SerializedString::new).toArray(SerializableString[]::new);
    }

    public byte[] event(String id, long timeMs, String card, String terminal, float[] features) {
        return object(id, timeMs, card, terminal, null, features);
    }

    public byte[] labeled(String id, long timeMs, String card, String terminal, Label label, float[] features) {
        return object(id, timeMs, card, terminal, label, features);
    }

    private byte[] object(
            String id, long timeMs, String card, String terminal, @Nullable Label label, float[] features) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeNumberField("time", timeMs);
            json.writeStringField("card", card);
            json.writeStringField("terminal", terminal);
            if (label != null) {
                json.writeNumberField("label", (int) label.value());
                json.writeNumberField("label_time", label.timeMs());
            }
            for (int i = 0; i < names.length; i++) {
                json.writeFieldName(names[i]);
                if (features[i] == (int) features[i]) {
                    json.writeNumber((int) features[i]);
                } else {
                    json.writeNumber(features[i]);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
