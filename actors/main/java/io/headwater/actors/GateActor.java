package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.gate.Gate;
import io.headwater.gate.Verdict;
import io.headwater.line.Candidate;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges candidates: one that passes goes to the registry, any other back to the trainer with the reason. */
final class GateActor extends AbstractBehavior<GateActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(GateActor.class);

    sealed interface Command {}

    /** A candidate asks to serve; the labels that it is the first to have learned were appended at {@code appendedMs}. */
    record Judge(Candidate candidate, long[] appendedMs, ActorRef<TrainerActor.Command> trainer) implements Command {}

    /** @param hold why an operator wants no promotion now, if one does */
    static Behavior<Command> create(
            Gate gate, ActorRef<RegistryActor.Command> registry, Telemetry telemetry, Supplier<Optional<String>> hold) {
        return Behaviors.setup(context -> new GateActor(context, gate, registry, telemetry, hold));
    }

    private final Gate gate;
    private final ActorRef<RegistryActor.Command> registry;
    private final Telemetry telemetry;
    private final Supplier<Optional<String>> hold;

    private GateActor(
            ActorContext<Command> context,
            Gate gate,
            ActorRef<RegistryActor.Command> registry,
            Telemetry telemetry,
            Supplier<Optional<String>> hold) {
        super(context);
        this.gate = gate;
        this.registry = registry;
        this.telemetry = telemetry;
        this.hold = hold;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Judge.class, this::onJudge).build();
    }

    private Behavior<Command> onJudge(Judge message) {
        Candidate candidate = message.candidate();
        Verdict verdict = judge(candidate);
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
