package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.event.StreamPosition;
import io.headwater.gate.Gate;
import io.headwater.line.TrainerFencedException;
import io.headwater.line.UnreadableStateException;
import io.headwater.torch.DeviceLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training half of one model: trainer, gate, batches and traffic. When any of them fails the whole half starts
 * again from the last checkpoint; a lost device, a second trainer or checkpoints of another release end it. Serving goes on
 * either way.
 *
 * <pre>
 *   recovering --Recovered--> learning --a part fails--> (back-off) recovering
 *                                      --device lost, fenced, nothing to go on from--> ended
 *                                      --Finish--> finishing --trainer stopped--> stopped
 * </pre>
 */
final class TrainingActor extends AbstractBehavior<TrainingActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingActor.class);

    sealed interface Command {}

    /**
     * The line stands at {@code position} and can go on.
     *
     * @param champion the version that it has as its champion
     */
    record Recovered(StreamPosition position, long champion) implements Command {}

    /** Finish the batch in hand, checkpoint, stop. */
    record Finish() implements Command {}

    /** Training cannot go on in this process. */
    private static final class EndedException extends RuntimeException {
        EndedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static Behavior<Command> create(TrainingParts parts, ActorRef<RegistryActor.Command> registry) {
        TrainingParts.BackOff backOff = parts.backOff();
        Behavior<Command> half = Behaviors.setup(context -> new TrainingActor(context, parts, registry));
        Behavior<Command> restarting = Behaviors.supervise(half)
                .onFailure(
                        StageFailedException.class,
                        SupervisorStrategy.restartWithBackoff(backOff.first(), backOff.most(), backOff.jitter())
                                .withLoggingEnabled(false));
        return Behaviors.supervise(restarting)
                .onFailure(EndedException.class, SupervisorStrategy.stop().withLoggingEnabled(false));
    }

    private final TrainingParts parts;
    private final ActorRef<TrainerActor.Command> trainer;
    private final ActorRef<RegistryActor.Command> registry;
    private boolean finishing;

    private TrainingActor(
            ActorContext<Command> context, TrainingParts parts, ActorRef<RegistryActor.Command> registry) {
        super(context);
        this.parts = parts;
        this.registry = registry;
        ActorRef<GateActor.Command> gate = context.spawn(
                GateActor.create(
                        new Gate(parts.gateSettings()),
                        registry,
                        parts.telemetry(),
                        new GateActor.Operators(parts.approval(), parts::hold)),
                "gate");
        this.trainer = context.spawn(
                TrainerActor.create(parts::open, parts.cadence(), parts::nanoTime, gate, context.getSelf()),
                "trainer",
                DispatcherSelector.fromConfig("headwater-training-dispatcher"));
        context.watch(gate);
        context.watch(trainer);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Recovered.class, this::onRecovered)
                .onMessage(Finish.class, this::onFinish)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> onRecovered(Recovered message) {
        registry.tell(new RegistryActor.Recovered(trainer, message.champion()));
        StreamPosition position = message.position();
        ActorRef<BatchActor.Command> batches = getContext()
                .spawn(
                        BatchActor.create(
                                parts.batchSettings(),
                                sink -> IngestActor.create(
                                        parts.labelSource(position), parts.telemetry()::labelLag, sink),
                                trainer),
                        "batches");
        ActorRef<TrafficActor.Command> traffic = getContext()
                .spawn(
                        TrafficActor.create(
                                parts.trafficRowsPerSecond(),
                                sink -> IngestActor.create(
                                        parts.trafficSource(position), parts.telemetry()::trafficLag, sink),
                                trainer),
                        "traffic");
        getContext().watch(batches);
        getContext().watch(traffic);
        parts.telemetry().trainingRuns();
        return this;
    }

    private Behavior<Command> onFinish(Finish message) {
        finishing = true;
        trainer.tell(new TrainerActor.Finish());
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed failed) {
        registry.tell(new RegistryActor.Stopped());
        Throwable cause = failed.getCause();
        boolean forGood = cause instanceof DeviceLostException
                || cause instanceof TrainerFencedException
                || cause instanceof ForeignLineageException
                || cause instanceof UnreadableStateException;
        String reason = parts.telemetry().trainingStopped(cause, forGood);
        if (forGood) {
            LOG.atError().addKeyValue("model", parts.name()).log("training has ended, serving goes on: {}", reason);
            throw new EndedException(reason, cause);
        }
        // An expected failure has said all in its sentence; a bug needs its stack.
        LOG.atWarn()
                .addKeyValue("model", parts.name())
                .setCause(parts.telemetry().expected(cause) ? null : cause)
                .log("training starts again from its last checkpoint, serving goes on: {}", reason);
        throw new StageFailedException(reason, cause);
    }

    private Behavior<Command> onTerminated(Terminated signal) {
        if (finishing && signal.getRef().equals(trainer)) {
            return Behaviors.stopped();
        }
        return this;
    }
}
