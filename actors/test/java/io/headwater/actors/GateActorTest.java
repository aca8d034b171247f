package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.config.ModelConfig.Approval;
import io.headwater.event.StreamPosition;
import io.headwater.gate.Contest;
import io.headwater.gate.Gate;
import io.headwater.gate.GateSettings;
import io.headwater.line.Candidate;
import io.headwater.metrics.HeadwaterMetrics;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateActorTest {
    private final TestInbox<RegistryActor.Command> registry = TestInbox.create();
    private final TestInbox<TrainerActor.Command> trainer = TestInbox.create();
    private final Telemetry telemetry = new Telemetry(new HeadwaterMetrics().model("m"));
    private Optional<String> hold = Optional.empty();
    private Approval approval = Approval.AUTOMATIC;

    @Test
    void goodCandidate_isPromoted_unlessAnOperatorHoldsTheGate() {
        BehaviorTestKit<GateActor.Command> gate = BehaviorTestKit.create(GateActor.create(
                new Gate(new GateSettings(10, 2, 1.645, 0.05)),
                registry.getRef(),
                telemetry,
                new GateActor.Operators(approval, () -> hold)));

        hold = Optional.of("version 1 serves and is pinned");
        gate.run(new GateActor.Judge(candidate(), new long[0], trainer.getRef()));

        trainer.expectMessage(new TrainerActor.NotPromoted());
        assertThat(registry.hasMessages()).isFalse();
        assertThat(telemetry.progress().promoted()).isZero();

        hold = Optional.empty();
        gate.run(new GateActor.Judge(candidate(), new long[0], trainer.getRef()));

        assertThat(registry.receiveMessage()).isInstanceOf(RegistryActor.Add.class);
        assertThat(telemetry.progress().promoted()).isEqualTo(1);
    }

    @Test
    void goodCandidate_whereAnOperatorHasToApprove_isProposed() {
        approval = Approval.REQUIRED;
        BehaviorTestKit<GateActor.Command> gate = BehaviorTestKit.create(GateActor.create(
                new Gate(new GateSettings(10, 2, 1.645, 0.05)),
                registry.getRef(),
                telemetry,
                new GateActor.Operators(approval, () -> hold)));

        gate.run(new GateActor.Judge(candidate(), new long[0], trainer.getRef()));

        assertThat(registry.receiveMessage()).isInstanceOf(RegistryActor.Propose.class);
        assertThat(telemetry.progress().promoted()).isZero();

        hold = Optional.of("version 2 waits for approval since 1 s");
        gate.run(new GateActor.Judge(candidate(), new long[0], trainer.getRef()));

        assertThat(registry.hasMessages()).isFalse();
        trainer.expectMessage(new TrainerActor.NotPromoted());
    }

    /** As good as the champion and the frozen model. */
    private static Candidate candidate() {
        Contest contest = new Contest(10);
        for (int i = 0; i < 10; i++) {
            contest.record(1, 1, 1, i % 3 > 0);
        }
        return new Candidate(
                1,
                1,
                new byte[0],
                new byte[0],
                "",
                StreamPosition.START,
                10,
                0,
                contest.standing(),
                "",
                Optional.empty());
    }
}
