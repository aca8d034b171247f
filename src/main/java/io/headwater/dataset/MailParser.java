package io.headwater.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Header;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.field.DateTimeFieldLenientImpl;
import org.apache.james.mime4j.message.BasicBodyFactory;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.RawField;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * Takes the date and the text out of a mail as it went over the wire.
 *
 * <p>The text is that of all plain parts that are no attachments; only if they are blank, that of the HTML parts without
 * their tags. A part that says it is plain but starts as HTML is HTML. A part's characters are those of the charset it
 * states; where it states none or they are not, UTF-8, else Windows-1252.
 */
final class MailParser {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int MAX_HEADERS = 1_000;
    private static final int MAX_DEPTH = 20;
    private static final Pattern HTML = Pattern.compile(
            "\\s*<(?:!doctype\\s+html|!--|(?:html|head|body|table|center|font|div|p|br|meta|title)\\b)",
            Pattern.CASE_INSENSITIVE);
    /** The zones that RFC 5322 gives a meaning, which Mime4j takes for UTC; so it does, rightly or not, with all others. */
    private static final Map<String, String> ZONES = Map.of(
            "EDT", "-0400", "EST", "-0500", "CDT", "-0500", "CST", "-0600", "MDT", "-0600", "MST", "-0700", "PDT",
            "-0700", "PST", "-0800");

    private static final Pattern COMMENT = Pattern.compile("\\([^()]*\\)");

    /**
     * @param date null where no header holds a date that can be believed
     * @param text without blanks at its ends
     */
    record Parsed(@Nullable Instant date, String text) {}

    private final DefaultMessageBuilder builder = new DefaultMessageBuilder();
    private final Instant earliest;
    private final Instant latest;

    /** For mails of the time from {@code earliest} to {@code latest}, exclusive; another date is not believed. */
    MailParser(Instant earliest, Instant latest) {
        this.earliest = earliest;
        this.latest = latest;
        builder.setMimeEntityConfig(MimeConfig.custom()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(-1)
                .setMaxHeaderCount(MAX_HEADERS)
                .build());
        builder.setBodyFactory(new BasicBodyFactory(StandardCharsets.ISO_8859_1));
        builder.setDecodeMonitor(DecodeMonitor.SILENT);
    }

    /** @throws IOException if the mail has so little form that it cannot be taken apart */
    Parsed parse(byte[] raw) throws IOException {
        int start = lengthOfEnvelope(raw);
        Message message = builder.parseMessage(new ByteArrayInputStream(raw, start, raw.length - start));
        try {
            StringBuilder plain = new StringBuilder();
            StringBuilder html = new StringBuilder();
            collect(message, plain, html, 0);
            String text = plain.toString().strip();
            if (text.isEmpty()) {
                text = html.toString().strip();
            }
            return new Parsed(date(message.getHeader()), text);
        } finally {
            message.dispose();
        }
    }

    /** Mail folders put a line before each mail, {@code From sender date}, which is no header. */
    private static int lengthOfEnvelope(byte[] raw) {
        if (!new String(raw, 0, Math.min(5, raw.length), StandardCharsets.US_ASCII).equals("From ")) {
            return 0;
        }
        int at = 0;
        while (at < raw.length && raw[at] != '\n') {
            at++;
        }
        return Math.min(raw.length, at + 1);
    }

    /** The first believable one of what {@code Date} says and what each {@code Received} says, the last hop's first. */
    private @Nullable Instant date(Header header) {
        Field stated = header.getField("Date");
        Instant date = stated == null ? null : believable(stated.getBody());
        List<Field> hops = header.getFields("Received");
        for (int i = 0; date == null && i < hops.size(); i++) {
            String hop = hops.get(i).getBody();
            date = believable(hop.substring(hop.lastIndexOf(';') + 1));
        }
        return date;
    }

    private @Nullable Instant believable(String text) {
        String date =
                COMMENT.matcher(text).replaceAll(" ").replaceAll("\\s+", " ").strip();
        int zone = date.lastIndexOf(' ') + 1;
        date = date.substring(0, zone) + ZONES.getOrDefault(date.substring(zone), date.substring(zone));
        Date parsed = DateTimeFieldLenientImpl.PARSER
                .parse(new RawField("Date", date), DecodeMonitor.SILENT)
                .getDate();
        if (parsed == null) {
            return null;
        }
        OffsetDateTime time = parsed.toInstant().atOffset(ZoneOffset.UTC);
        // RFC 5322: a year of three digits counts from 1900. Programs that wrote 102 for 2002 were common.
        Instant instant = (time.getYear() < 1000 ? time.plusYears(1900) : time).toInstant();
        return instant.isBefore(earliest) || !instant.isBefore(latest) ? null : instant;
    }

    private static void collect(Entity entity, StringBuilder plain, StringBuilder html, int depth) throws IOException {
        Body body = entity.getBody();
        if (depth > MAX_DEPTH || "attachment".equalsIgnoreCase(entity.getDispositionType())) {
            return;
        }
        if (body instanceof Multipart parts) {
            for (Entity part : parts.getBodyParts()) {
                collect(part, plain, html, depth + 1);
            }
        } else if (body instanceof Message message) {
            collect(message, plain, html, depth + 1);
        } else if (body instanceof SingleBody single) {
            String type = String.valueOf(entity.getMimeType()).toLowerCase(Locale.ROOT);
            if (type.equals("text/html")) {
                html.append(visible(text(entity, single))).append('\n');
            } else if (type.equals("text/plain")) {
                String text = text(entity, single);
                boolean tagged = HTML.matcher(text).lookingAt();
                (tagged ? html : plain).append(tagged ? visible(text) : text).append('\n');
            }
        }
    }

    private static String visible(String html) {
        return Jsoup.parse(html).body().text();
    }

    private static String text(Entity entity, SingleBody body) throws IOException {
        byte[] bytes;
        try (InputStream in = body.getInputStream()) {
            bytes = in.readAllBytes();
        }
        String stated = entity.getHeader().getField("Content-Type") == null ? null : entity.getCharset();
        for (Charset charset : new Charset[] {charset(stated), StandardCharsets.UTF_8}) {
            try {
                return charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                continue; // the statement was wrong, as it often is
            }
        }
        return new String(bytes, WINDOWS);
    }

    private static Charset charset(@Nullable String name) {
        try {
            Charset charset = name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
            // Mail that says Latin-1 means the set of Windows, which has quotation marks where Latin-1 has controls.
            return charset.equals(StandardCharsets.ISO_8859_1) ? WINDOWS : charset;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
