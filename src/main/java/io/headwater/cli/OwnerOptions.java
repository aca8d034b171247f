package io.headwater.cli;

import io.headwater.dataset.FileReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whose rows are meant. */
final class OwnerOptions {
    /** As many as one request may name. */
    private static final int MOST = 10_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Option(
            names = "--owner",
            paramLabel = "TEXT",
            description =
                    "Whose rows erase is to forget, as erasure.owner has them, or an event's id; may be repeated.")
    private List<String> owners = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "More owners for erase, one a line in UTF-8; blanks around them do not count.")
    private @Nullable Path file;

    boolean areGiven() {
        return !owners.isEmpty() || file != null;
    }

    /**
     * Whose rows are meant.
     *
     * @throws IllegalArgumentException if they are none or too many
     * @throws CommandFailedException if the file cannot be read
     */
    List<String> read() {
        if (owners.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("an --owner is blank, which is nobody");
        }
        Set<String> all = new LinkedHashSet<>(owners);
        if (file != null) {
            all.addAll(lines(file));
        }
        if (all.isEmpty() || all.size() > MOST) {
            throw new IllegalArgumentException("erase takes 1 to " + MOST + " owners at once, not "
                    + (all.isEmpty() ? "none" : "more than that") + "; name them by --owner TEXT or --file FILE");
        }
        return List.copyOf(all);
    }

    /** One more than allowed is enough to know. */
    private static List<String> lines(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.map(OwnerOptions::owner)
                    .filter(line -> !line.isEmpty())
                    .limit(MOST + 1)
                    .toList();
        } catch (UncheckedIOException e) {
            throw unreadable(file, e.getCause() == null ? new IOException(e) : e.getCause());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static CommandFailedException unreadable(Path file, IOException why) {
        return new CommandFailedException("--file " + file + " cannot be read: " + FileReason.of(why), why);
    }

    /** Editors of Windows begin a text with a byte order mark, which would make another owner of the first. */
    private static String owner(String line) {
        return (line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line).strip();
    }
}
