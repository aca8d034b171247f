package io.headwater.kafka;

import io.headwater.codec.ScoreCodec;
import java.time.Duration;

/**
 * What a {@link ScoringLoop} reads and writes.
 *
 * @param model the served model's name, as the scores tell it
 * @param group the consumer group that shares the events; where it has no offset yet it begins at the earliest record
 * @param instance names this loop among all loops of the group: the same after a restart, so that the broker ends at
 *     once what a crash left open, and no two loops at a time may have the same
 * @param events topic of the events
 * @param scores topic of the scores
 * @param deadLetters topic of the refused records
 * @param format the form of the scores
 * @param commitInterval a score is visible at the latest so long after it was made, when the broker keeps up
 */
public record ScoringSettings(
        String model,
        String group,
        String instance,
        String events,
        String scores,
        String deadLetters,
        ScoreCodec.Format format,
        Duration commitInterval) {
    public ScoringSettings {
        if (commitInterval.isNegative() || commitInterval.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException("commitInterval must be in 0..5 s, not " + commitInterval);
        }
    }

    /** The loop's thread, client and transactional id. */
    String name() {
        return "headwater-score-" + model + "-" + instance;
    }
}
