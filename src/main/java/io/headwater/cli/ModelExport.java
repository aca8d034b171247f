package io.headwater.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.dataset.FileReason;
import io.headwater.offline.VersionOne;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a version as one self-contained ONNX file; a service that runs is not disturbed. */
final class ModelExport {
    private ModelExport() {}

    /**
     * @param version the newest if null
     * @param out the file; one that is there is replaced
     * @return version, file, bytes and SHA-256
     */
    static ObjectNode write(Path root, String model, @Nullable Long version, Path out) {
        if (!Files.isDirectory(root.resolve(model))) {
            throw new CommandFailedException("there is no model '" + model + "' in " + root);
        }
        try (VersionStore store = VersionStore.forReading(root, model)) {
            List<Long> numbers = store.numbers();
            if (numbers.isEmpty()) {
                throw new CommandFailedException("model '" + model + "' has no version yet");
            }
            long chosen = version == null ? numbers.get(numbers.size() - 1) : version;
            byte[] file = VersionOne.kept(store).selfContained(store.onnx(chosen));
            replace(out, file);
            return new ObjectMapper()
                    .createObjectNode()
                    .put("model", model)
                    .put("version", chosen)
                    .put("file", out.toString())
                    .put("bytes", file.length)
                    .put("sha256", Manifest.sha256(file));
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + out + ": " + FileReason.of(e), e);
        }
    }

    private static void replace(Path out, byte[] file) throws IOException {
        Path aside = out.toAbsolutePath().resolveSibling("." + out.getFileName() + ".tmp");
        Files.write(aside, file);
        Files.move(aside, out, StandardCopyOption.REPLACE_EXISTING);
    }
}
