package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OwnerOptionsTest {
    @TempDir
    Path folder;

    private List<String> read(byte[] file) throws IOException {
        Path owners = Files.write(folder.resolve("owners.txt"), file);
        return CommandLine.populateCommand(new OwnerOptions(), "--owner", "ann", "--file", owners.toString())
                .read();
    }

    /** The first of them would be another owner otherwise, and nobody would be told. */
    @Test
    void file_asEditorsOfWindowsLeaveIt_namesTheSameOwners() throws IOException {
        assertThat(read("\uFEFFcard 4711\r\n\r\n  card 4712 \r\nann\r\n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("ann", "card 4711", "card 4712");
    }

    @Test
    void file_thatIsNoText_isRefused() {
        assertThatThrownBy(() -> read(new byte[] {'a', (byte) 0xFC, '\n'}))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("owners.txt cannot be read: it is no text in UTF-8");
    }
}
