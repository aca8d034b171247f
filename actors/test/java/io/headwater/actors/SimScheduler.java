package io.headwater.actors;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** An actor system's time, which passes when a test lets it; what is due at the same instant comes in order. */
public final class SimScheduler extends AbstractScheduler {
    private static @Nullable SimScheduler last;

    private final TreeSet<Task> tasks = new TreeSet<>();
    private long nowNs;
    private long number;

    private final class Task implements Cancellable, Comparable<Task> {
        private final long intervalNs;
        private final Runnable run;
        private final ExecutionContext executor;
        private long atNs;
        private long place;
        private boolean cancelled;

        Task(long delayNs, long intervalNs, Runnable run, ExecutionContext executor) {
            this.intervalNs = intervalNs;
            this.run = run;
            this.executor = executor;
            put(delayNs);
        }

        private void put(long delayNs) {
            atNs = nowNs + Math.max(0, delayNs);
            place = number++;
            tasks.add(this);
        }

        void fire() {
            tasks.remove(this);
            executor.execute(run);
            if (intervalNs > 0) {
                put(intervalNs);
            }
        }

        @Override
        public boolean cancel() {
            synchronized (SimScheduler.this) {
                cancelled = tasks.remove(this) || cancelled;
                return cancelled;
            }
        }

        @Override
        public boolean isCancelled() {
            synchronized (SimScheduler.this) {
                return cancelled;
            }
        }

        @Override
        public int compareTo(Task other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(place, other.place);
        }
    }

    /** As Akka makes it. */
    @SuppressWarnings("unused")
    public SimScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        last = this;
    }

    /** The one of the actor system that was made last. */
    static SimScheduler last() {
        if (last == null) {
            throw new IllegalStateException("no actor system uses this scheduler");
        }
        return last;
    }

    synchronized long nowNs() {
        return nowNs;
    }

    /** Forgets all that is not due yet, of actors that are gone. */
    synchronized void clear() {
        tasks.clear();
    }

    /** When the next task is due. */
    synchronized OptionalLong nextNs() {
        return tasks.isEmpty() ? OptionalLong.empty() : OptionalLong.of(tasks.first().atNs);
    }

    /** Lets time pass; what becomes due on the way is handed to its executor. */
    void advanceTo(long untilNs) {
        List<Task> due = new ArrayList<>();
        synchronized (this) {
            nowNs = Math.max(nowNs, untilNs);
            for (Task task : tasks) {
                if (task.atNs <= nowNs) {
                    due.add(task);
                }
            }
        }
        due.forEach(Task::fire);
    }

    @Override
    public synchronized Cancellable scheduleOnce(FiniteDuration delay, Runnable run, ExecutionContext executor) {
        return new Task(delay.toNanos(), 0, run, executor);
    }

    @Override
    public synchronized Cancellable schedule(
            FiniteDuration delay, FiniteDuration interval, Runnable run, ExecutionContext executor) {
        return new Task(delay.toNanos(), interval.toNanos(), run, executor);
    }

    @Override
    public double maxFrequency() {
        return 1e9;
    }
}
