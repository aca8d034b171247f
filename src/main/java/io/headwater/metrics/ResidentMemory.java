package io.headwater.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process's memory as the system counts it, heap and native together, read from {@code /proc} at each scrape. Where
 * there is no {@code /proc} the meter is left out.
 */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LINE = "VmRSS:";

    private ResidentMemory() {}

    static void bindTo(MeterRegistry registry) {
        if (Files.isReadable(STATUS)) {
            Gauge.builder(HeadwaterMetrics.RESIDENT_MEMORY, ResidentMemory::bytes)
                    .description("Memory of the process that is in RAM, heap and native together")
                    .baseUnit("bytes")
                    .register(registry);
        }
    }

    /** NaN if the system does not say. */
    static double bytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(LINE)) {
                    String kibibytes = line.substring(LINE.length(), line.lastIndexOf(' '));
                    return 1024.0 * Long.parseLong(kibibytes.strip());
                }
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        return Double.NaN;
    }
}
