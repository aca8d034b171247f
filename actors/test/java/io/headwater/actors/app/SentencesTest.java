package io.headwater.actors.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.cli.CommandFailedException;
import io.headwater.config.ConfigException;
import io.headwater.registry.RegistryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The one sentence that a command ends with when it fails. */
class SentencesTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new CommandFailedException("no rows"), "no rows"),
                Arguments.of(new ConfigException("rate is 0"), "rate is 0"),
                Arguments.of(new RegistryException("no version 3"), "no version 3"),
                Arguments.of(new IllegalStateException("no broker answered"), "no broker answered"),
                // A file's name and no more is what Java says of the first.
                Arguments.of(new AccessDeniedException("/data"), "/data: no permission"),
                Arguments.of(new FileSystemException("/data", null, "No space left"), "/data: No space left"),
                Arguments.of(new IOException("the pipe broke"), "the pipe broke"),
                Arguments.of(new IOException(), "java.io.IOException"),
                // A cause that was only wrapped tells more than its wrapper; one with words of its own stands before
                // it.
                Arguments.of(new UncheckedIOException(new AccessDeniedException("/data")), "/data: no permission"),
                Arguments.of(new UncheckedIOException(new IOException("the pipe broke")), "the pipe broke"),
                Arguments.of(
                        new UncheckedIOException("checkpoints cannot be read", new IOException("the pipe broke")),
                        "checkpoints cannot be read"),
                // Bugs: what they are says more than their words.
                Arguments.of(new IllegalArgumentException("rows"), "java.lang.IllegalArgumentException: rows"),
                Arguments.of(new IllegalStateException(), "java.lang.IllegalStateException"),
                Arguments.of(new CancellationException("rows"), "java.util.concurrent.CancellationException: rows"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void commandThatFails_endsWithStatusOneAndASentence(Exception failure, String sentence) throws Exception {
        StringWriter err = new StringWriter();
        CommandLine line = Headwater.commandLine().setErr(new PrintWriter(err));

        int status = line.getExecutionExceptionHandler().handleExecutionException(failure, line, line.parseArgs());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("headwater: " + sentence);
    }
}
