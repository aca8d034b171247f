package io.headwater.actors.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headwater.cli.EndSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;

/** What a command that waits for something hears of a signal; the signals are real. */
@Timeout(20)
class EndSignalTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void signal_comesBeforeWhatIsNeverDone(String name) throws Exception {
        // A shell that is not interactive starts what runs in its background deaf to Ctrl-C.
        assumeThat(isIgnored(new Signal(name))).isFalse();
        try (EndSignal end = EndSignal.listen(PATIENCE)) {
            assertThat(end.isAsked()).isFalse();
            Signal.raise(new Signal(name));

            assertThat(end.comesBefore(new CompletableFuture<>())).isTrue();
            assertThat(end.isAsked()).isTrue();
            assertThat(EndSignal.exitStatus(0)).isEqualTo(128 + new Signal(name).getNumber());
        }
    }

    private static boolean isIgnored(Signal signal) throws IOException {
        String mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(mask, 16) >> (signal.getNumber() - 1) & 1) == 1;
    }

    static Stream<CompletableFuture<?>> ended() {
        return Stream.of(
                CompletableFuture.completedFuture("done"),
                CompletableFuture.failedFuture(new IllegalStateException("told to who asks it")));
    }

    @ParameterizedTest
    @MethodSource("ended")
    void signal_doesNotComeBeforeWhatIsDone_wellOrNot(CompletableFuture<?> other) throws InterruptedException {
        try (EndSignal end = EndSignal.listen(PATIENCE)) {
            assertThat(end.comesBefore(other)).isFalse();
            assertThat(end.isAsked()).isFalse();
        }
    }

    /** What was done first is told to who asks it, also where a signal came meanwhile. */
    @Test
    void signal_afterWhatIsDone_doesNotComeBeforeIt() throws InterruptedException {
        try (EndSignal end = EndSignal.listen(PATIENCE)) {
            Signal.raise(new Signal("TERM"));
            assertThat(end.await(PATIENCE)).isTrue();

            assertThat(end.comesBefore(CompletableFuture.completedFuture("done")))
                    .isFalse();
        }
    }
}
