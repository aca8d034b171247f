package io.headwater.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what it is given until the test runs it, in an order that the test's chance decides. Before the first
 * {@link #take} it runs everything at once, so that an actor system can start.
 */
final class SimExecutor extends AbstractExecutorService {
    private final List<Runnable> waiting = new ArrayList<>();
    private int running;
    private boolean taken;

    /** From here on nothing runs but by {@link #runOne}; what runs at once is waited for. */
    synchronized void take() throws InterruptedException {
        while (running > 0) {
            wait();
        }
        taken = true;
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Runs one of those that wait; false if none does. */
    boolean runOne(Random random) {
        Runnable next;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return false;
            }
            next = waiting.remove(random.nextInt(waiting.size()));
        }
        next.run();
        return true;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (taken) {
                waiting.add(task);
                return;
            }
            running++;
        }
        Thread thread = new Thread(() -> runAtOnce(task), "starting");
        thread.setDaemon(true);
        thread.start();
    }

    private void runAtOnce(Runnable task) {
        try {
            task.run();
        } finally {
            synchronized (this) {
                running--;
                notifyAll();
            }
        }
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
