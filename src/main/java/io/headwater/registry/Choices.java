package io.headwater.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Which version of a model serves, which waits for approval and which ones are pinned: small files, replaced whole. */
final class Choices {
    private static final String VERSION = "version";
    private static final String ACTION = "action";
    private static final String VERSIONS = "versions";

    private final Path servedFile;
    private final Path pinnedFile;
    private final Path waitingFile;

    Choices(Path home) {
        this.servedFile = home.resolve("served.json");
        this.pinnedFile = home.resolve("pinned.json");
        this.waitingFile = home.resolve("waiting.json");
    }

    /** The version of {@code choice} serves. */
    void serve(AuditRecord choice) throws IOException {
        DurableFiles.replace(servedFile, VersionFiles.JSON.writeValueAsBytes(choice));
    }

    /** Who chose the version that serves, when and why; empty before the first, or if a release before this wrote it. */
    Optional<AuditRecord> choice() {
        try {
            return Files.exists(servedFile) && read(servedFile).has(ACTION)
                    ? Optional.of(VersionFiles.JSON.readValue(Files.readAllBytes(servedFile), AuditRecord.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new RegistryException(servedFile + " does not say who chose: " + e.getMessage(), e);
        }
    }

    OptionalLong served() {
        try {
            if (!Files.exists(servedFile)) {
                return OptionalLong.empty();
            }
            long version = read(servedFile).path(VERSION).asLong();
            if (version < 1) {
                throw new IOException("it names no version");
            }
            return OptionalLong.of(version);
        } catch (IOException e) {
            throw new RegistryException(servedFile + " does not say which version serves: " + e.getMessage(), e);
        }
    }

    void pin(long version, boolean pin) throws IOException {
        Set<Long> all = new TreeSet<>(pinned());
        if (pin) {
            all.add(version);
        } else {
            all.remove(version);
        }
        DurableFiles.replace(pinnedFile, VersionFiles.JSON.writeValueAsBytes(Map.of(VERSIONS, all)));
    }

    Set<Long> pinned() {
        Set<Long> all = new TreeSet<>();
        try {
            if (Files.exists(pinnedFile)) {
                JsonNode versions = read(pinnedFile).path(VERSIONS);
                if (!versions.isArray()) {
                    throw new IOException("it has no list of versions");
                }
                versions.forEach(version -> all.add(version.asLong()));
            }
            return all;
        } catch (IOException e) {
            throw new RegistryException(pinnedFile + " does not say which versions are pinned: " + e.getMessage(), e);
        }
    }

    void waits(Waiting waiting) throws IOException {
        DurableFiles.replace(waitingFile, VersionFiles.JSON.writeValueAsBytes(waiting));
    }

    void noneWaits() throws IOException {
        DurableFiles.remove(waitingFile);
    }

    /** The version that was last said to wait. */
    Optional<Waiting> waiting() {
        try {
            return Files.exists(waitingFile)
                    ? Optional.of(VersionFiles.JSON.readValue(Files.readAllBytes(waitingFile), Waiting.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new RegistryException(waitingFile + " does not say which version waits: " + e.getMessage(), e);
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return VersionFiles.JSON.readTree(Files.readAllBytes(file));
    }
}
