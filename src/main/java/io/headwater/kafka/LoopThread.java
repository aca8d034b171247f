package io.headwater.kafka;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one loop over a Kafka client; no other thread touches the client. */
final class LoopThread {
    private static final Logger LOG = LoggerFactory.getLogger(LoopThread.class);
    private static final long AFTER_INTERRUPT_MS = 5_000;

    private final Thread thread;

    LoopThread(String name, Runnable loop) {
        this.thread = new Thread(loop, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits for the loop to end by itself, then interrupts it, and then leaves it to the JVM. */
    void join(long patienceMs) {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(patienceMs);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(AFTER_INTERRUPT_MS);
            }
            if (thread.isAlive()) {
                LOG.warn("a loop did not end in time thread={}", thread.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes a client at the end of a loop, where a failure changes nothing any more. */
    void close(AutoCloseable client) {
        // An interrupt that ended the loop would also end the closing at its first wait.
        boolean interrupted = Thread.interrupted();
        try {
            client.close();
        } catch (Exception e) {
            LOG.warn("closing failed thread={} error={}", thread.getName(), e.toString());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
