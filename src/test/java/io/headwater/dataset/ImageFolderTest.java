package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFolderTest {
    @TempDir
    private Path folder;

    @Test
    void read_subfolders_areTheClassesInOrder() throws IOException {
        file("dog/b.PNG");
        file("dog/a.jpeg");
        file("cat/z.jpg");
        file("cat/.hidden");
        file(".git/config");
        ImageFolder read = ImageFolder.read(folder, 3);
        assertThat(read.classes()).containsExactly("cat", "dog");
        assertThat(read.pictures())
                .containsExactly(
                        new ImageFolder.Picture(folder.resolve("cat/z.jpg"), 0),
                        new ImageFolder.Picture(folder.resolve("dog/a.jpeg"), 1),
                        new ImageFolder.Picture(folder.resolve("dog/b.PNG"), 1));
    }

    @Test
    void read_whatIsNoFolderOfClasses_isRefused() throws IOException {
        assertRefused(folder.resolve("none"), 9, "no such folder");
        assertRefused(folder, 9, "no subfolder");
        file("cat/a.png");
        assertRefused(folder, 9, "one subfolder, cat");
        file("dog/a.png");
        assertRefused(folder, 1, "more than the 1 pictures");
        Path note = file("dog/notes.txt");
        assertRefused(folder, 9, "notes.txt: not a picture file");
        Files.delete(note);
        Path loose = file("loose.png");
        assertRefused(folder, 9, "loose.png: a file beside the classes");
        Files.delete(loose);
        Path nested = Files.createDirectories(folder.resolve("dog/deep.png"));
        assertRefused(folder, 9, "deep.png: not a picture file");
        Files.delete(nested);
        Files.createDirectory(folder.resolve("empty"));
        assertRefused(folder, 9, "empty: a class without pictures");
    }

    private static void assertRefused(Path folder, int most, String message) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> ImageFolder.read(folder, most))
                .withMessageContaining(message);
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x");
    }
}
