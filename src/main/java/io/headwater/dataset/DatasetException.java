package io.headwater.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** Recorded data that cannot be read; the message is one sentence: where, what was found, what is allowed. */
public final class DatasetException extends IOException {
    public DatasetException(String message) {
        super(message);
    }

    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }

    static DatasetException at(Path file, long line, String message) {
        return new DatasetException(file + ", line " + line + ": " + message);
    }

    static DatasetException at(Path file, long line, String column, String message) {
        return new DatasetException(file + ", line " + line + ", column " + column + ": " + message);
    }
}
