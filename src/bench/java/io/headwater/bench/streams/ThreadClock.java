package io.headwater.bench.streams;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The processor time of the thread that asks. Other work on the machine does not slow it down, and it leaves out what
 * other threads do: compiling, and collecting a peer's garbage.
 */
final class ThreadClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ThreadClock() {}

    static long nanos() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
