package io.headwater.actors;

import io.headwater.kafka.ScoringListener;
import io.headwater.metrics.ModelMeters;
import io.headwater.metrics.ModelMeters.Source;
import io.headwater.metrics.ScoringMeters;

/** Writes down what one scoring loop tells of itself. */
final class ScoringMetrics implements ScoringListener {
    private final ModelMeters model;
    private final ScoringMeters meters;

    ScoringMetrics(ModelMeters model) {
        this.model = model;
        this.meters = model.scoring();
    }

    @Override
    public void batch(int rows, long version, long nanos) {
        meters.batch(rows);
    }

    @Override
    public void committed(int scored, int refused, long[] appendedMs, long committedMs) {
        for (int i = 0; i < scored; i++) {
            meters.scored(appendedMs[i]);
        }
        meters.committed(committedMs);
        if (refused > 0) {
            model.refused(Source.EVENTS, refused);
            model.deadLetters(Source.EVENTS, refused);
        }
    }

    @Override
    public void aborted(int records, String reason) {
        meters.aborted();
    }

    @Override
    public void lag(long records) {
        meters.lag(records);
    }
}
