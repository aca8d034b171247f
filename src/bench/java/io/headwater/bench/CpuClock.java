package io.headwater.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The processor time of this process, all threads: a study of accuracies may share the machine with other work, which
 * makes wall-clock time say little.
 */
final class CpuClock {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private CpuClock() {}

    static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
