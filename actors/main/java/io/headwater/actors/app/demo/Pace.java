package io.headwater.actors.app.demo;

/** When a moment of the stream falls on the wall clock, given a speed-up. Not thread-safe. */
final class Pace {
    private static final double NS_PER_MS = 1e6;

    private final double speedUp;
    private boolean started;
    private long firstStreamMs;
    private long firstNs;

    /** @param speedUp milliseconds of the stream in a millisecond; positive, may be infinite */
    Pace(double speedUp) {
        if (!(speedUp > 0)) {
            throw new IllegalArgumentException("a speed-up is above 0, not " + speedUp);
        }
        this.speedUp = speedUp;
    }

    boolean isUnlimited() {
        return Double.isInfinite(speedUp);
    }

    /** When {@code streamMs} is due on the clock that says {@code nowNs}; the first moment asked for is due now. */
    long dueNs(long streamMs, long nowNs) {
        if (!started) {
            started = true;
            firstStreamMs = streamMs;
            firstNs = nowNs;
        }
        return firstNs + (long) ((streamMs - firstStreamMs) * NS_PER_MS / speedUp);
    }
}
