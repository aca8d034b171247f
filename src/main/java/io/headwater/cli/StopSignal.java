package io.headwater.cli;

import java.time.Duration;

/** Whether the process was asked to end (Ctrl-C, SIGTERM). It waits, bounded, for what is in hand to be kept. */
final class StopSignal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final EndSignal signal = EndSignal.listen(PATIENCE, () -> asked = true);
    private volatile boolean asked;

    private StopSignal() {}

    static StopSignal watch() {
        return new StopSignal();
    }

    boolean isAsked() {
        return asked;
    }

    @Override
    public void close() {
        signal.close();
    }
}
