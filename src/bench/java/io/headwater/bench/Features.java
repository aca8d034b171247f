package io.headwater.bench;

import io.headwater.backbone.FrozenPart;
import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowEncoder;
import io.headwater.graph.Backbone;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the frozen part of a backbone makes of events, computed once.
 *
 * @param seconds processor seconds for all rows, reading of the events included
 */
record Features(FeatureBatch rows, double seconds) {
    private static final int ROWS_AT_ONCE = 64;

    /** @param inputs closed when the rows are made */
    static Features of(Backbone backbone, RowEncoder inputs, List<Event> events) {
        return of(backbone, inputs, events, IntStream.range(0, events.size()).toArray());
    }

    /**
     * The rows of some events, each in its event's place; the others stay zeros.
     *
     * @param inputs closed when the rows are made
     * @param which numbers of the events
     */
    static Features of(Backbone backbone, RowEncoder inputs, List<Event> events, int[] which) {
        try (FrozenPart frozen = FrozenPart.load(backbone.split(), inputs);
                Featurizer featurizer = frozen.repeatable(ROWS_AT_ONCE)) {
            FeatureBatch rows = new FeatureBatch(frozen.layout(), events.size());
            rows.assume(events.size());
            long start = CpuClock.nanos();
            for (int from = 0; from < which.length; from += ROWS_AT_ONCE) {
                int count = Math.min(ROWS_AT_ONCE, which.length - from);
                featurizer.clear();
                for (int i = from; i < from + count; i++) {
                    featurizer.add(events.get(which[i]));
                }
                featurizer.run();
                for (int i = 0; i < count; i++) {
                    rows.setRow(which[from + i], featurizer.batch(), i);
                }
            }
            return new Features(rows, (CpuClock.nanos() - start) / 1e9);
        }
    }
}
