package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import io.headwater.config.HeadwaterConfig;
import io.headwater.metrics.HeadwaterMetrics;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardianTest {
    /** A process that cannot have its port would take the place of a scorer that runs, and leave files behind. */
    @Test
    void models_areNotOpened_beforeThatIsAsked() {
        HeadwaterConfig config = HeadwaterConfig.parse("headwater.models.m { features.numeric = [x] }");
        ModelParts parts = new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC());

        BehaviorTestKit<Guardian.Command> guardian = BehaviorTestKit.create(Guardian.create(List.of(parts)));
        assertThat(guardian.hasEffects()).isFalse();

        guardian.run(new Guardian.Open());
        assertThat(guardian.childInbox("m")).isNotNull();
    }
}
