package io.headwater.bench.streams;

import io.headwater.bench.streams.StreamRows.Clock;
import io.headwater.offline.evaluate.LabelArrivals;

/**
 * How long labels take: a number of rows, or as long as the stream itself says.
 *
 * @param rows -1 for the stream's own clock
 */
record Delay(int rows) {
    private static final String CLOCK = "clock";

    /** @param text a number of rows or {@code clock} */
    static Delay parse(String text) {
        return new Delay(text.equals(CLOCK) ? -1 : Integer.parseInt(text));
    }

    LabelArrivals of(StreamRows stream) {
        if (rows >= 0) {
            return LabelArrivals.afterRows(stream.rows(), rows);
        }
        Clock clock = stream.clock();
        if (clock.events().length == 0) {
            throw new IllegalArgumentException(stream.name() + " has no clock; its delay is a number of rows");
        }
        return LabelArrivals.atTimes(clock.events(), clock.labels());
    }

    @Override
    public String toString() {
        return rows < 0 ? CLOCK : Integer.toString(rows);
    }
}
