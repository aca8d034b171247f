package io.headwater.offline;

import io.headwater.dataset.FileReason;
import io.headwater.graph.GraphException;
import io.headwater.graph.Licence;
import io.headwater.graph.OnnxGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A pre-trained model's file with what lies beside it.
 *
 * @param tokenizer the {@code tokenizer.json} of a language model, if there is one
 * @param licence as stated, if it is
 */
public record BackboneFile(Path path, OnnxGraph graph, Optional<byte[]> tokenizer, Optional<Licence> licence) {
    private static final String ONNX = ".onnx";

    /**
     * @param tokenizer where the tokenizer is; empty to look beside the file, for {@code tokenizer.json} and {@code
     *     NAME-tokenizer.json}
     * @throws IllegalArgumentException if a file is missing or cannot be read, or the model cannot be used
     */
    public static BackboneFile read(Path path, Optional<Path> tokenizer) {
        try {
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException("there is no file " + path);
            }
            OnnxGraph graph = graph(path);
            Optional<Path> found = tokenizer.or(() -> beside(path));
            return new BackboneFile(path, graph, found.map(BackboneFile::tokenizer), Licence.of(graph, path));
        } catch (IOException e) {
            throw new IllegalArgumentException("the backbone " + path + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private static byte[] tokenizer(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("the tokenizer " + file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private static OnnxGraph graph(Path path) throws IOException {
        try {
            return OnnxGraph.read(path, OnnxGraph.MAX_BYTES);
        } catch (GraphException e) {
            throw new IllegalArgumentException("the backbone " + path + " is refused: " + e.getMessage(), e);
        }
    }

    private static Optional<Path> beside(Path path) {
        String name = String.valueOf(path.getFileName());
        String base = name.endsWith(ONNX) ? name.substring(0, name.length() - ONNX.length()) : name;
        return List.of(Foundation.TOKENIZER, base + "-" + Foundation.TOKENIZER).stream()
                .map(path::resolveSibling)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /**
     * Whether it may be used.
     *
     * @param allowed licences by SPDX identifier
     * @return a sentence to warn with, where it states no licence
     * @throws IllegalArgumentException if it states another one
     */
    public Optional<String> checkLicence(List<String> allowed) {
        if (licence.isEmpty()) {
            return Optional.of("the backbone " + path + " states no licence, neither in its metadata nor in a file"
                    + " LICENSE beside it: find out whether you may use it");
        }
        String stated = licence.get().name();
        if (allowed.stream().noneMatch(stated::equalsIgnoreCase)) {
            throw new IllegalArgumentException("the backbone " + path + " states the licence " + stated + " ("
                    + licence.get().source() + "); allowed are " + allowed);
        }
        return Optional.empty();
    }
}
