package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

final class FileReasonTest {
    @Test
    void reason_isInWords_whereJavaSaysButTheFilesName() {
        assertThat(FileReason.of(new AccessDeniedException("a.csv"))).isEqualTo("no permission");
        assertThat(FileReason.of(new NoSuchFileException("a.csv"))).isEqualTo("there is no file or folder a.csv");
        assertThat(FileReason.of(new FileAlreadyExistsException("a"))).isEqualTo("a is there already");
        assertThat(FileReason.of(new NotDirectoryException("a"))).isEqualTo("a is no folder");
        assertThat(FileReason.of(new FileSystemException("a", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(FileReason.of(new MalformedInputException(1))).isEqualTo("it is no text in UTF-8");
        assertThat(FileReason.of(new IOException("cut off"))).isEqualTo("cut off");
        assertThat(FileReason.of(new IOException())).isEqualTo("java.io.IOException");
    }
}
