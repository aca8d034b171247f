package io.headwater.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Under which licence a backbone says it may be used.
 *
 * @param name as stated; the SPDX identifier where a well-known text is recognized
 * @param source where it is stated
 */
public record Licence(String name, String source) {
    private static final int MAX_TEXT = 1 << 16;
    private static final Map<String, String> TEXTS = Map.of(
            "apache license", "Apache-2.0",
            "mit license", "MIT",
            "bsd 3-clause", "BSD-3-Clause",
            "bsd 2-clause", "BSD-2-Clause",
            "gnu affero", "AGPL-3.0",
            "mozilla public license", "MPL-2.0");

    /** From the file's metadata, else from a file {@code LICENSE} beside it; empty where neither states one. */
    public static Optional<Licence> of(OnnxGraph graph, Path file) throws IOException {
        for (Map.Entry<String, String> entry : graph.metadata().entrySet()) {
            if (isLicence(entry.getKey()) && !entry.getValue().isBlank()) {
                return Optional.of(new Licence(entry.getValue().strip(), "metadata " + entry.getKey()));
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return Optional.empty();
        }
        try (Stream<Path> beside = Files.list(folder)) {
            Optional<Path> text = beside.filter(Files::isRegularFile)
                    .filter(path -> isLicence(String.valueOf(path.getFileName())))
                    .sorted()
                    .findFirst();
            return text.isEmpty() ? Optional.empty() : read(text.get());
        }
    }

    private static boolean isLicence(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("license") || lower.startsWith("licence");
    }

    private static Optional<Licence> read(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(MAX_TEXT);
        }
        String text = new String(start, StandardCharsets.UTF_8);
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String name = TEXTS.entrySet().stream()
                .filter(entry -> lower.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(lines.get(0));
        return Optional.of(new Licence(name, "file " + file.getFileName()));
    }
}
