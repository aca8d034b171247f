package io.headwater.dataset;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file cannot be read or written, in words: what Java says of it is often the file's name and no more. */
public final class FileReason {
    private FileReason() {}

    /** The reason, to stand behind a colon. */
    public static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        } else if (e instanceof NoSuchFileException missing) {
            return "there is no file or folder " + missing.getFile();
        } else if (e instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is there already";
        } else if (e instanceof NotDirectoryException file) {
            return file.getFile() + " is no folder";
        } else if (e instanceof FileSystemException other && other.getReason() != null) {
            return other.getReason();
        } else if (e instanceof CharacterCodingException) {
            return "it is no text in UTF-8";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
