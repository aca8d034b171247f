package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CadenceTest {
    private final TrainerActor.Cadence cadence =
            new TrainerActor.Cadence(1_000, Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void checkpoints_comeAsOftenAsAsked_andTakeATwentiethOfTheTimeAtMost() {
        assertThat(cadence.untilCheckpoint(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(cadence.untilCheckpoint(Duration.ofMillis(250))).isEqualTo(Duration.ofSeconds(5));
        Duration took = Duration.ofSeconds(2);
        assertThat(cadence.untilCheckpoint(took).plus(took)).isEqualTo(Duration.ofSeconds(40));
    }
}
