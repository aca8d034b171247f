package io.headwater.actors.app;

import io.headwater.actors.app.demo.StopSignal;
import io.headwater.cli.EndSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C and SIGTERM finish what is in hand: the signal is passed on to whoever waits for it, and the process does
 * not end before {@link #close}, or a minute.
 */
final class Stopping implements StopSignal, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final EndSignal signal = EndSignal.listen(PATIENCE, asked::countDown);

    private Stopping() {}

    static Stopping onSignal() {
        return new Stopping();
    }

    @Override
    public boolean await(Duration most) throws InterruptedException {
        return asked.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What was in hand is finished: the process may end. */
    @Override
    public void close() {
        signal.close();
    }
}
