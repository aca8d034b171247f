package io.headwater.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C and SIGTERM, as a wish that is granted when what is in hand is finished: until {@link #close} a signal does not
 * end the process, and afterwards it is for main to end it with {@link #exitStatus}.
 */
public final class EndSignal implements AutoCloseable {
    /*
     * No shutdown hook: all hooks run at the same time, and that of ONNX Runtime takes its environment away under whoever
     * still scores, which ends the process by a segmentation fault.
     */
    private static final int FIRST_OF_SIGNALS = 128;

    /** Enough for what an offline step has in hand. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static volatile int received;

    private record Before(Signal signal, SignalHandler handler) {}

    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<Before> before = new ArrayList<>();
    private final Duration patience;

    private EndSignal(Duration patience) {
        this.patience = patience;
    }

    /** Begins to listen; after a signal the process ends at the latest five minutes later. */
    static EndSignal listen() {
        return listen(PATIENCE);
    }

    /**
     * Begins to listen.
     *
     * @param patience after a signal the process ends at the latest so much later, whatever is in hand
     */
    public static EndSignal listen(Duration patience) {
        EndSignal signal = new EndSignal(patience);
        signal.handle("INT");
        signal.handle("TERM");
        return signal;
    }

    private void handle(String name) {
        Signal signal = new Signal(name);
        try {
            before.add(new Before(signal, Signal.handle(signal, this::receive)));
        } catch (IllegalArgumentException e) {
            // The JVM was told to leave signals alone (-Xrs): it ends as the system has it.
        }
    }

    private void receive(Signal signal) {
        received = FIRST_OF_SIGNALS + signal.getNumber();
        asked.complete(null);
        try {
            if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("headwater: not all parts finished within " + patience.toSeconds() + " s");
                System.exit(received);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a signal came. */
    public boolean isAsked() {
        return asked.isDone();
    }

    /** Waits at most so long for a signal; true if one came. */
    public boolean await(Duration most) throws InterruptedException {
        try {
            asked.get(most.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails this future", e);
        }
    }

    /** Waits until {@code other} is done, well or not; true if a signal came before that. */
    public boolean comesBefore(CompletableFuture<?> other) throws InterruptedException {
        try {
            CompletableFuture.anyOf(asked, other).get();
        } catch (ExecutionException e) {
            // The other one failed, and tells that to who asks it.
        }
        return !other.isDone();
    }

    /** What the process ends with: as the system has it where a signal came, 130 for Ctrl-C, 143 for SIGTERM. */
    public static int exitStatus(int otherwise) {
        int status = received;
        return status == 0 ? otherwise : status;
    }

    /** What was in hand is finished; the next signal ends the process. */
    @Override
    public void close() {
        before.forEach(signal -> Signal.handle(signal.signal(), signal.handler()));
        done.countDown();
    }
}
