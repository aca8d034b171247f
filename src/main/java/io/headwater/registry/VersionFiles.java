package io.headwater.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.headwater.fault.KillPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one model's versions; a version is in its folder whole or not at all. */
final class VersionFiles {
    private static final Logger LOG = LoggerFactory.getLogger(VersionFiles.class);
    static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).findAndRegisterModules();
    private static final String MODEL = "model.onnx";
    private static final String MANIFEST = "manifest.json";
    private static final String LEARNER = "learner.bin";
    private static final String ERASED = "erased.json";
    private static final String SETTINGS = "settings";
    private static final String FOLLOWED = "followed.txt";
    private static final String ASIDE = ".aside-";

    private final String model;
    private final Path home;

    VersionFiles(String model, Path home) {
        this.model = model;
        this.home = home;
    }

    /** Removes what a crash left half-written. */
    void sweep() throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(ASIDE)) {
                    DurableFiles.deleteTree(entry);
                }
            }
        }
    }

    /** All whole versions, oldest first. */
    List<Long> numbers() {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[1-9][0-9]{0,17}"))
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new RegistryException("the versions of '" + model + "' cannot be listed: " + e, e);
        }
    }

    boolean has(long version) {
        return Files.isDirectory(folder(version));
    }

    void add(Manifest manifest, byte[] onnx, byte[] learner) throws IOException {
        Path aside = home.resolve(ASIDE + manifest.version());
        try {
            DurableFiles.deleteTree(aside);
            Files.createDirectory(aside);
            DurableFiles.write(aside.resolve(MODEL), onnx, KillPoint.VERSION_WRITE);
            DurableFiles.write(aside.resolve(LEARNER), learner, null);
            DurableFiles.write(aside.resolve(MANIFEST), JSON.writeValueAsBytes(manifest), null);
            DurableFiles.publish(aside, folder(manifest.version()));
        } catch (IOException e) {
            letGo(aside);
            throw e;
        }
    }

    /** On a full disk what was written so far is the room that others need; the next try and the next start sweep too. */
    private static void letGo(Path aside) {
        try {
            DurableFiles.deleteTree(aside);
        } catch (IOException e) {
            LOG.debug("{} stays until it is swept: {}", aside, e.toString());
        }
    }

    /** Takes a version out of sight in one step: a crash must not leave half of it in the list. */
    void remove(long version) throws IOException {
        Path aside = home.resolve(ASIDE + version);
        Files.move(folder(version), aside, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.deleteTree(aside);
    }

    Manifest manifest(long version) {
        try {
            return JSON.readValue(read(version, MANIFEST), Manifest.class);
        } catch (IOException e) {
            throw new RegistryException("the manifest of version " + version + " cannot be read: " + e, e);
        }
    }

    /** Writes a version's manifest anew. */
    void replace(Manifest manifest) throws IOException {
        DurableFiles.replace(folder(manifest.version()).resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
    }

    byte[] onnx(long version) {
        return read(version, MODEL);
    }

    byte[] learner(long version) {
        return read(version, LEARNER);
    }

    /** How long the learner's file is; -1 where there is none. */
    long learnerBytes(long version) {
        Path file = folder(version).resolve(LEARNER);
        try {
            return Files.exists(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            throw new RegistryException(file + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** The learner first: a note of what did not happen would hide rows that are still there. */
    void replaceLearner(long version, byte[] learner, long step) throws IOException {
        DurableFiles.replace(folder(version).resolve(LEARNER), learner);
        ErasedSteps.note(folder(version).resolve(ERASED), step);
    }

    List<Long> erasedIn(long version) {
        return ErasedSteps.read(folder(version).resolve(ERASED));
    }

    private byte[] read(long version, String file) {
        try {
            return Files.readAllBytes(folder(version).resolve(file));
        } catch (NoSuchFileException e) {
            throw new RegistryException(unknown(version), e);
        } catch (IOException e) {
            throw new RegistryException("version " + version + " of '" + model + "' cannot be read: " + e, e);
        }
    }

    /** Keeps settings under their hash, once. */
    void keepSettings(String sha256, byte[] settings) {
        try {
            Path file = home.resolve(SETTINGS).resolve(sha256 + ".json");
            if (!Files.exists(file)) {
                DurableFiles.folders(home.resolve(SETTINGS));
                DurableFiles.replace(file, settings);
            }
        } catch (IOException e) {
            throw new RegistryException("cannot write the settings of '" + model + "': " + e, e);
        }
    }

    void keepFollowed(FollowedPosition position) {
        try {
            DurableFiles.replace(home.resolve(FOLLOWED), position.toBytes());
        } catch (IOException e) {
            throw new RegistryException("cannot write how far '" + model + "' was followed: " + e, e);
        }
    }

    Optional<FollowedPosition> followed() {
        return DurableFiles.optional(home.resolve(FOLLOWED), "how far the trainer of '" + model + "' was followed")
                .flatMap(FollowedPosition::read);
    }

    Optional<byte[]> settings(String sha256) {
        return DurableFiles.optional(
                home.resolve(SETTINGS).resolve(sha256 + ".json"), "a block of settings of '" + model + "'");
    }

    /** The sentence for a version that is not here. */
    String unknown(long version) {
        return "model '" + model + "' has no version " + version + "; it has " + describe(numbers());
    }

    private static String describe(List<Long> numbers) {
        if (numbers.isEmpty()) {
            return "none";
        }
        return numbers.size() <= 8
                ? numbers.toString()
                : numbers.get(0) + ", " + numbers.get(1) + " … " + numbers.get(numbers.size() - 1);
    }

    private Path folder(long version) {
        return home.resolve(Long.toString(version));
    }
}
