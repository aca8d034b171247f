package io.headwater.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.headwater.codec.FieldSlots.Part;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from JSON objects in UTF-8, field by field, without building a tree. A labelled example is the same
 * object with the label in it. Fields that no slot names are skipped; a field that is read must not appear twice.
 */
public final class JsonEventCodec implements EventCodec {
    /** The largest record value that is read, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int MAX_NESTING = 64;

    private final JsonFactory json = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(MAX_BYTES)
                    .build())
            // Names come from strangers: interning them would fill the JVM's table.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private final EventLayout layout;
    private final RecordFields fields;
    private final FieldPaths eventPaths;
    private final FieldPaths labeledPaths;
    private final Part[] parts;
    private final DomainNames domains = new DomainNames();

    /** @throws IllegalArgumentException if the fields contradict each other, or the label is among the features */
    public JsonEventCodec(EventLayout layout, RecordFields fields) {
        this.layout = layout;
        this.fields = fields;
        List<String> paths = new ArrayList<>(layout.numeric());
        paths.addAll(layout.categorical());
        paths.addAll(layout.text());
        if (paths.contains(fields.label())) {
            throw new IllegalArgumentException("field '" + fields.label() + "' is the label and cannot be a feature");
        }
        if (fields.label().equals(fields.domain())) {
            throw new IllegalArgumentException("field '" + fields.label() + "' is the label and cannot be the domain");
        }
        if (fields.label().equals(fields.owner())) {
            throw new IllegalArgumentException("field '" + fields.label() + "' is the label and cannot be the owner");
        }
        List<Part> parts = new ArrayList<>();
        add(Part.ID, fields.id(), parts, paths);
        add(Part.TIME, fields.time(), parts, paths);
        add(Part.DOMAIN, fields.domain(), parts, paths);
        add(Part.OWNER, fields.owner(), parts, paths);
        this.eventPaths = new FieldPaths(paths);
        add(Part.LABEL, fields.label(), parts, paths);
        add(Part.LABEL_TIME, fields.labelTime() == null ? "" : fields.labelTime(), parts, paths);
        this.labeledPaths = new FieldPaths(paths);
        this.parts = parts.toArray(new Part[0]);
    }

    private static void add(Part part, String field, List<Part> parts, List<String> paths) {
        if (!field.isEmpty()) {
            parts.add(part);
            paths.add(field);
        }
    }

    @Override
    public Decoded<Event> event(byte @Nullable [] value) {
        try {
            return new Decoded.Ok<>(read(value, eventPaths).event());
        } catch (Refusal refusal) {
            return refusal.decoded();
        }
    }

    @Override
    public Decoded<LabeledExample> labeled(byte @Nullable [] value) {
        try {
            FieldSlots slots = read(value, labeledPaths);
            Event event = slots.event();
            return new Decoded.Ok<>(
                    new LabeledExample(event, new Label(slots.label(), slots.labelTimeMs(event.timeMs()))));
        } catch (Refusal refusal) {
            return refusal.decoded();
        }
    }

    private FieldSlots read(byte @Nullable [] value, FieldPaths paths) throws Refusal {
        if (value == null) {
            throw new Refusal(
                    "the record has no value (a tombstone); a JSON object is needed", NullPointerException.class);
        }
        checkBytes(value);
        FieldSlots slots = new FieldSlots(layout, fields, parts, domains, paths.size());
        try (JsonParser parser = json.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Refusal(
                        "the record is " + found(parser) + "; a JSON object is needed", IllegalArgumentException.class);
            }
            object(parser, paths.root(), slots);
            if (parser.nextToken() != null) {
                throw new Refusal(
                        "the record goes on at byte " + FieldSlots.at(parser) + " after its JSON object; one object is"
                                + " allowed",
                        IllegalArgumentException.class);
            }
            return slots;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException | RuntimeException e) {
            // Nothing that a record holds may stop the stream, not even a fault in reading it.
            throw new Refusal("the record cannot be read as JSON: " + Refusal.oneLine(e.toString()), e.getClass());
        }
    }

    private static void checkBytes(byte[] value) throws Refusal {
        if (value.length > MAX_BYTES) {
            throw new Refusal(
                    "the record has " + value.length + " bytes; at most " + MAX_BYTES + " are allowed",
                    IllegalArgumentException.class);
        }
        int invalid = Utf8.firstInvalid(value);
        // A NUL this early is UTF-16 or UTF-32, which the parser would otherwise detect and read.
        for (int i = 0; invalid < 0 && i < Math.min(4, value.length); i++) {
            invalid = value[i] == 0 ? i : -1;
        }
        if (invalid >= 0) {
            throw new Refusal("the record is not UTF-8 at byte " + invalid, MalformedInputException.class);
        }
    }

    private static void object(JsonParser parser, FieldPaths.Field object, FieldSlots slots)
            throws IOException, Refusal {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            FieldPaths.Field field = object.inside(parser.currentName());
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
                continue;
            }
            slots.see(field, parser);
            if (field.slots().length > 0) {
                slots.fill(field, token, parser);
            } else if (token == JsonToken.START_OBJECT) {
                object(parser, field, slots);
            } else if (token != JsonToken.VALUE_NULL) {
                throw new Refusal(
                        "field '" + field.path() + "' at byte " + FieldSlots.at(parser) + " is " + found(parser)
                                + "; an object or null is allowed",
                        IllegalArgumentException.class);
            }
        }
    }

    /** The parser's current token, in words. */
    static String found(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "empty";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "the string " + Refusal.quote(parser.getText());
            case VALUE_NULL -> "null";
            default -> Refusal.oneLine(parser.getText());
        };
    }

    private static Refusal malformed(JsonProcessingException e) {
        String where = e.getLocation() == null || e.getLocation().getByteOffset() < 0
                ? ""
                : " at byte " + e.getLocation().getByteOffset();
        String what = Refusal.oneLine(String.valueOf(e.getOriginalMessage()));
        return new Refusal(
                "the record is malformed JSON" + where + ": " + what.substring(0, Math.min(what.length(), 240)),
                e.getClass());
    }
}
