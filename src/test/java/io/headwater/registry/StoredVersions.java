package io.headwater.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A folder for a test's store, and versions to put there. */
abstract class StoredVersions {
    static final long NOW = 1_390_000_000_000L;

    @TempDir
    Path root;

    VersionStore open(int keep) {
        VersionStore store = VersionStore.open(root, "flights", keep);
        store.needFrom(Long.MAX_VALUE);
        return store;
    }

    static void addAll(VersionStore store, long first, long last) {
        for (long number = first; number <= last; number++) {
            store.add(manifest(number), onnx(number), learner(number));
        }
    }

    static byte[] onnx(long version) {
        return ("graph " + version).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] learner(long version) {
        return ("learner " + version).getBytes(StandardCharsets.UTF_8);
    }

    static Manifest manifest(long version) {
        return manifest(version, Map.of("log_loss", 0.41));
    }

    static Manifest manifest(long version, Map<String, Double> gate) {
        return new Manifest(
                "flights",
                version,
                version - 1,
                10 * (version - 1),
                NOW,
                DurableFiles.sha256(onnx(version)),
                "abc",
                12,
                345,
                678,
                Map.of("labels-0", 41L),
                "hidden",
                new Manifest.Features(List.of("distance"), List.of("carrier"), 1024, "murmur3", "", ""),
                gate,
                "not worse than the champion",
                AuditRecord.GATE,
                "It adapted.",
                Map.of("java", "17"));
    }

    List<String> entries(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
