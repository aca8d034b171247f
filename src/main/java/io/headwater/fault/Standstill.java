package io.headwater.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Holds the thread that comes to one kill point for the Nth time, and leaves a file that says where it stands. */
final class Standstill {
    private static final long LOOK_EVERY_NS = 2_000_000;

    private final KillPoint at;
    private final long arrival;
    private final Path marker;
    private final AtomicLong arrivals = new AtomicLong();

    Standstill(KillPoint at, long arrival, Path marker) {
        this.at = at;
        this.arrival = arrival;
        this.marker = marker;
    }

    /**
     * @param setting NAME:N:FILE, or null for none
     * @throws IllegalArgumentException if it is anything else
     */
    static @Nullable Standstill of(@Nullable String setting) {
        if (setting == null) {
            return null;
        }
        String[] parts = setting.split(":", 3);
        String wrong = KillPoint.PROPERTY + " is " + setting + ", allowed is NAME:N:FILE with one of "
                + Arrays.toString(KillPoint.values()) + " and N from 1";
        if (parts.length < 3) {
            throw new IllegalArgumentException(wrong);
        }
        try {
            Standstill standstill =
                    new Standstill(KillPoint.valueOf(parts[0]), Long.parseLong(parts[1]), Path.of(parts[2]));
            if (standstill.arrival >= 1) {
                return standstill;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong, e);
        }
        throw new IllegalArgumentException(wrong);
    }

    void arrive(KillPoint point) {
        if (point != at || arrivals.incrementAndGet() != arrival) {
            return;
        }
        write();
        while (Files.exists(marker)) {
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
    }

    /** The point, the arrival, the thread, and the calls that it is in the middle of, a line each. */
    private void write() {
        List<String> lines = new ArrayList<>();
        lines.add(at + " " + arrival);
        lines.add(Thread.currentThread().getName());
        for (StackTraceElement call : new Throwable().getStackTrace()) {
            lines.add(call.getClassName() + "." + call.getMethodName());
        }
        Path aside = marker.resolveSibling(marker.getFileName() + ".aside");
        try {
            Files.write(aside, lines);
            Files.move(aside, marker, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
