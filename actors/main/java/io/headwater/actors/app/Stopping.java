package io.headwater.actors.app;

import io.headwater.actors.app.demo.StopSignal;
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
    private final CountDownLatch done = new CountDownLatch(1);

    private Stopping() {}

    static Stopping onSignal() {
        Stopping stopping = new Stopping();
        Runtime.getRuntime().addShutdownHook(new Thread(stopping::holdBack, "headwater-stopping"));
        return stopping;
    }

    private void holdBack() {
        asked.countDown();
        try {
            if (!done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("headwater: not all parts finished within " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean await(Duration most) throws InterruptedException {
        return asked.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What was in hand is finished: the process may end. */
    @Override
    public void close() {
        done.countDown();
    }
}
