package io.headwater.offline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FittedFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path place;

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writeTheFirst() throws IOException {
        folder = place.resolve("model");
        new FittedFolder(folder, false).write(files("first"));
    }

    @Test
    void write_overAnother_leavesTheNewOneAlone() throws IOException {
        new FittedFolder(folder, true).write(files("second"));

        assertThat(place()).containsExactly("model");
        assertThat(manifest(folder)).isEqualTo("second");
    }

    @Test
    void fileThatCannotBeWritten_leavesAllAsBefore() throws IOException {
        FittedFolder writer = new FittedFolder(folder, true);

        assertThatThrownBy(() -> writer.write(Map.of("no/such/folder", new byte[1])))
                .isInstanceOf(IOException.class);

        assertThat(place()).containsExactly("model");
        assertThat(manifest(folder)).isEqualTo("first");
    }

    @Test
    void folderThatDoesNotGetItsName_leavesAllAsBefore() throws IOException {
        List<Path> moved = new ArrayList<>();
        FittedFolder writer = new FittedFolder(folder, true, (from, to) -> {
            moved.add(from);
            if (moved.size() == 2) {
                throw new IOException("no room");
            }
            Files.move(from, to);
        });

        assertThatThrownBy(() -> writer.write(files("second"))).hasMessage("no room");

        assertThat(place()).containsExactly("model");
        assertThat(manifest(folder)).isEqualTo("first");
    }

    @Test
    void folderAsideOfARunThatWasKilled_staysUntilThereIsAnother() throws IOException {
        Path aside = place.resolve(".model.old");
        Files.move(folder, aside);

        assertThatThrownBy(() -> new FittedFolder(folder, true).write(Map.of("no/such/folder", new byte[1])))
                .isInstanceOf(IOException.class);
        assertThat(manifest(aside)).isEqualTo("first");

        new FittedFolder(folder, true).write(files("second"));
        assertThat(place()).containsExactly("model");
        assertThat(manifest(folder)).isEqualTo("second");
    }

    private static Map<String, byte[]> files(String manifest) {
        return Map.of(FitManifest.FILE, manifest.getBytes(UTF_8), "model.onnx", new byte[3]);
    }

    private static String manifest(Path folder) throws IOException {
        return Files.readString(folder.resolve(FitManifest.FILE));
    }

    private List<String> place() throws IOException {
        try (Stream<Path> there = Files.list(place)) {
            return there.map(path -> path.getFileName().toString()).toList();
        }
    }
}
