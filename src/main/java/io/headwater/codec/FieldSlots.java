package io.headwater.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The slots of one record while it is read: features first, then those of its {@link Part}s that some field says. */
final class FieldSlots {
    /** What a record holds beside its features. */
    enum Part {
        ID,
        TIME,
        DOMAIN,
        OWNER,
        LABEL,
        LABEL_TIME
    }

    private static final int MAX_TEXT = 1024;
    private static final int MAX_NUMBER = 64;
    private static final int MAX_DOMAIN = 128;
    private static final long MIN_TIME_MS = -62_135_596_800_000L;
    private static final long MAX_TIME_MS = 253_402_300_799_999L;

    private static final String TIMES_ALLOWED = "whole milliseconds since the epoch, or a time such as"
            + " \"2014-01-31T23:59:00Z\" with Z or an offset, in the years 1 to 9999, are allowed";

    private final RecordFields fields;
    private final float[] numeric;
    private final @Nullable String[] categorical;
    private final @Nullable String[] text;
    private final long[] seen;
    private final DomainNames domains;
    private final Part[] parts;
    private String domain = "";
    private String owner = "";
    private @Nullable String id;
    private long timeMs;
    private boolean hasTime;
    private float label;
    private boolean hasLabel;
    private long labelTimeMs;
    private boolean hasLabelTime;

    /** @param parts of the slots after the features */
    FieldSlots(EventLayout layout, RecordFields fields, Part[] parts, DomainNames domains, int fieldCount) {
        this.fields = fields;
        this.parts = parts;
        this.domains = domains;
        this.numeric = new float[layout.numeric().size()];
        this.categorical = new @Nullable String[layout.categorical().size()];
        this.text = new @Nullable String[layout.text().size()];
        this.seen = new long[(fieldCount + 63) >>> 6];
        Arrays.fill(numeric, Float.NaN);
    }

    /** Notes that the record has {@code field}; a second time is refused, for nobody can tell which one counts. */
    void see(FieldPaths.Field field, JsonParser parser) throws Refusal {
        int word = field.number() >>> 6;
        long bit = 1L << field.number();
        if ((seen[word] & bit) != 0) {
            throw new Refusal(
                    "field '" + field.path() + "' appears a second time at byte " + at(parser) + "; once is allowed",
                    IllegalArgumentException.class);
        }
        seen[word] |= bit;
    }

    /** Puts the parser's current value into the slots of {@code field}. */
    void fill(FieldPaths.Field field, JsonToken token, JsonParser parser) throws IOException, Refusal {
        for (int slot : field.slots()) {
            int word = slot - numeric.length - categorical.length;
            int part = word - text.length;
            if (slot < numeric.length) {
                numeric[slot] = number(field, token, parser);
            } else if (word < 0) {
                categorical[slot - numeric.length] = category(field, token, parser);
            } else if (part < 0) {
                text[word] = freeText(field, token, parser);
            } else if (token != JsonToken.VALUE_NULL) {
                fill(parts[part], field, token, parser);
            }
        }
    }

    private void fill(Part part, FieldPaths.Field field, JsonToken token, JsonParser parser)
            throws IOException, Refusal {
        switch (part) {
            case ID -> id = id(field, token, parser);
            case TIME -> {
                timeMs = time(field, token, parser);
                hasTime = true;
            }
            case DOMAIN -> domain = domain(field, token, parser);
            case OWNER -> owner = owner(field, token, parser);
            case LABEL -> {
                label = label(field, token, parser);
                hasLabel = true;
            }
            case LABEL_TIME -> {
                labelTimeMs = time(field, token, parser);
                hasLabelTime = true;
            }
        }
    }

    Event event() throws Refusal {
        if (id == null) {
            throw missing("id", fields.id());
        }
        if (!hasTime) {
            throw missing("time", fields.time());
        }
        return new Event(id, timeMs, numeric, categorical, text, domain, owner.isEmpty() ? id : owner);
    }

    float label() throws Refusal {
        if (!hasLabel) {
            throw missing("label", fields.label());
        }
        return label;
    }

    long labelTimeMs(long otherwise) {
        return hasLabelTime ? labelTimeMs : otherwise;
    }

    /** The byte at which the parser's current token begins. */
    static long at(JsonParser parser) {
        return parser.currentTokenLocation().getByteOffset();
    }

    private static float number(FieldPaths.Field field, JsonToken token, JsonParser parser)
            throws IOException, Refusal {
        switch (token) {
            case VALUE_NULL:
                return Float.NaN;
            case VALUE_TRUE:
                return 1f;
            case VALUE_FALSE:
                return 0f;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT:
                return inRange(parser.getDoubleValue(), field, parser);
            case VALUE_STRING:
                if (parser.getTextLength() <= MAX_NUMBER) {
                    String text = parser.getText();
                    if (isPlainNumber(text)) {
                        return inRange(Double.parseDouble(text), field, parser);
                    }
                }
                break;
            default:
                break;
        }
        throw refused(field, parser, "a number, a numeric string, true, false or null is allowed");
    }

    /** Decimal notation only: {@link Double#parseDouble} alone would also read "NaN", "0x1p3", "1f" and " 1 ". */
    private static boolean isPlainNumber(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int digits = digits(text, at);
        int end = at + digits;
        if (end < text.length() && text.charAt(end) == '.') {
            int fraction = digits(text, end + 1);
            digits += fraction;
            end += 1 + fraction;
        }
        if (digits > 0 && end < text.length() && (text.charAt(end) | 0x20) == 'e') {
            int sign = end + 1 < text.length() && "+-".indexOf(text.charAt(end + 1)) >= 0 ? 1 : 0;
            int exponent = digits(text, end + 1 + sign);
            return exponent > 0 && end + 1 + sign + exponent == text.length();
        }
        return digits > 0 && end == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }

    private static float inRange(double value, FieldPaths.Field field, JsonParser parser) throws IOException, Refusal {
        float narrowed = (float) value;
        if (Float.isInfinite(narrowed)) {
            throw refused(field, parser, "numbers between -3.4e38 and 3.4e38 are allowed");
        }
        return narrowed;
    }

    private static @Nullable String category(FieldPaths.Field field, JsonToken token, JsonParser parser)
            throws IOException, Refusal {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!token.isScalarValue()) {
            throw refused(field, parser, "a string, a number, true, false or null is allowed");
        }
        return text(field, parser);
    }

    /** As long as the record lets it be. */
    private static @Nullable String freeText(FieldPaths.Field field, JsonToken token, JsonParser parser)
            throws IOException, Refusal {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING) {
            throw refused(field, parser, "a string or null is allowed");
        }
        return parser.getText();
    }

    private static String id(FieldPaths.Field field, JsonToken token, JsonParser parser) throws IOException, Refusal {
        if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
            throw refused(field, parser, "a string or a number is allowed");
        }
        String id = text(field, parser);
        if (id.isEmpty() || !Utf8.isEncodable(id)) {
            // Half of a surrogate pair has no UTF-8 form: the score's id could not equal the event's.
            throw refused(field, parser, "an id that is not empty and has no half surrogate pairs is allowed");
        }
        return id;
    }

    private String domain(FieldPaths.Field field, JsonToken token, JsonParser parser) throws IOException, Refusal {
        if (!token.isScalarValue()) {
            throw refused(field, parser, "a string, a number or null is allowed, for it names the event's domain");
        }
        String name = text(field, parser, MAX_DOMAIN);
        if (!Utf8.isEncodable(name)) {
            throw refused(field, parser, "a name without half surrogate pairs is allowed");
        }
        return domains.shared(name);
    }

    /** As its text: {@code 17} and {@code "17"} are the same owner. */
    private static String owner(FieldPaths.Field field, JsonToken token, JsonParser parser)
            throws IOException, Refusal {
        if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
            throw refused(field, parser, "a string, a number or null is allowed, for it says whose the event is");
        }
        String name = text(field, parser);
        if (!Utf8.isEncodable(name)) {
            throw refused(field, parser, "a text without half surrogate pairs is allowed");
        }
        return name;
    }

    private static String text(FieldPaths.Field field, JsonParser parser) throws IOException, Refusal {
        return text(field, parser, MAX_TEXT);
    }

    private static String text(FieldPaths.Field field, JsonParser parser, int most) throws IOException, Refusal {
        int length = parser.getTextLength();
        if (length > most) {
            throw new Refusal(
                    "field '" + field.path() + "' at byte " + at(parser) + " has " + length + " characters; at most "
                            + most + " are allowed",
                    IllegalArgumentException.class);
        }
        return parser.getText();
    }

    private static long time(FieldPaths.Field field, JsonToken token, JsonParser parser) throws IOException, Refusal {
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            double value = parser.getDoubleValue();
            // Every whole number of this range is exact in a double.
            if (value >= MIN_TIME_MS && value <= MAX_TIME_MS && value == Math.rint(value)) {
                return (long) value;
            }
        } else if (token == JsonToken.VALUE_STRING && parser.getTextLength() <= MAX_NUMBER) {
            try {
                long parsed = OffsetDateTime.parse(parser.getText()).toInstant().toEpochMilli();
                if (parsed >= MIN_TIME_MS && parsed <= MAX_TIME_MS) {
                    return parsed;
                }
            } catch (DateTimeException | ArithmeticException e) {
                throw refused(field, parser, TIMES_ALLOWED, e.getClass());
            }
        }
        throw refused(field, parser, TIMES_ALLOWED);
    }

    private static float label(FieldPaths.Field field, JsonToken token, JsonParser parser) throws IOException, Refusal {
        switch (token) {
            case VALUE_TRUE:
                return 1f;
            case VALUE_FALSE:
                return 0f;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT:
                double value = parser.getDoubleValue();
                if (value == 0 || value == 1) {
                    return value == 0 ? 0f : 1f;
                }
                break;
            case VALUE_STRING:
                if (parser.getTextLength() == 1 && "01".contains(parser.getText())) {
                    return parser.getText().charAt(0) - '0';
                }
                break;
            default:
                break;
        }
        throw refused(field, parser, "0, 1, true, false, \"0\" or \"1\" is allowed");
    }

    private static Refusal missing(String what, String field) {
        return new Refusal(
                "the record has no " + what + ": field '" + field + "' is absent or null",
                IllegalArgumentException.class);
    }

    private static Refusal refused(FieldPaths.Field field, JsonParser parser, String allowed) throws IOException {
        return refused(field, parser, allowed, IllegalArgumentException.class);
    }

    private static Refusal refused(
            FieldPaths.Field field, JsonParser parser, String allowed, Class<? extends Exception> kind)
            throws IOException {
        return new Refusal(
                "field '" + field.path() + "' at byte " + at(parser) + " is " + JsonEventCodec.found(parser) + "; "
                        + allowed,
                kind);
    }
}
