package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.config.ModelConfig.Approval;
import io.headwater.gate.Gate;
import io.headwater.gate.Verdict;
import io.headwater.line.Candidate;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges candidates: one that passes goes to the registry, to serve or to wait for an operator's approval, any other back
 * to the trainer with the reason.
 */
final class GateActor extends AbstractBehavior<GateActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(GateActor.class);

    sealed interface Command {}

    /** A candidate asks to serve; the labels that it is the first to have learned were appended at {@code appendedMs}. */
    record Judge(Candidate candidate, long[] appendedMs, ActorRef<TrainerActor.Command> trainer) implements Command {}

    /**
     * What operators want.
     *
     * @param approval whether one of them has to approve what passes
     * @param hold why they want nothing to pass now, in one sentence; empty if they do not
     */
    record Operators(Approval approval, Supplier<Optional<String>> hold) {}

    static Behavior<Command> create(
            Gate gate, ActorRef<RegistryActor.Command> registry, Telemetry telemetry, Operators operators) {
        return Behaviors.setup(context -> new GateActor(context, gate, registry, telemetry, operators));
    }

    private final Gate gate;
    private final ActorRef<RegistryActor.Command> registry;
    private final Telemetry telemetry;
    private final Approval approval;
    private final Supplier<Optional<String>> hold;

    private GateActor(
            ActorContext<Command> context,
            Gate gate,
            ActorRef<RegistryActor.Command> registry,
            Telemetry telemetry,
            Operators operators) {
        super(context);
        this.gate = gate;
        this.registry = registry;
        this.telemetry = telemetry;
        this.approval = operators.approval();
        this.hold = operators.hold();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Judge.class, this::onJudge).build();
    }

    private Behavior<Command> onJudge(Judge message) {
        Candidate candidate = message.candidate();
        Verdict verdict = judge(candidate);
        if (verdict instanceof Verdict.Promote promote && approval == Approval.REQUIRED) {
            telemetry.proposed();
            registry.tell(new RegistryActor.Propose(candidate, promote.reason(), message.trainer()));
            return this;
        }
        telemetry.judged(verdict);
        if (verdict instanceof Verdict.Promote promote) {
            registry.tell(new RegistryActor.Add(candidate, promote.reason(), message.appendedMs(), message.trainer()));
        } else {
            LOG.debug("candidate after step {}: {}", candidate.sequence(), verdict);
            message.trainer().tell(new TrainerActor.NotPromoted());
        }
        return this;
    }

    private Verdict judge(Candidate candidate) {
        Optional<String> held = hold.get();
        return held.isPresent()
                ? new Verdict.Wait(held.get())
                : gate.judge(candidate.standing(), candidate.probeFault());
    }
}
