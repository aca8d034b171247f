package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.event.MiniBatch;
import io.headwater.event.TrafficBatch;
import io.headwater.kafka.MiniBatches;
import io.headwater.line.LineInput;
import io.headwater.line.TrainingRun;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Owns the learning line, and with it the device: everything that a checkpoint holds changes in this actor alone, on
 * one pinned thread. It asks for the next mini-batch when it has taken in the last, and has one candidate before the
 * gate at a time.
 */
final class TrainerActor extends AbstractBehavior<TrainerActor.Command> {
    sealed interface Command {}

    /** Learn a mini-batch; the sender is told when the next may come. */
    record Learn(MiniBatches.Formed<MiniBatch> formed, long[] appendedMs, ActorRef<BatchActor.Command> batches)
            implements Command {}

    /** Examine live traffic; the sender is told when the next may come. */
    record Examine(TrafficBatch batch, ActorRef<TrafficActor.Command> traffic) implements Command {}

    /** The candidate before the gate is stored as {@code version}; it serves once its record is told to the registry. */
    record Promoted(long version, ActorRef<RegistryActor.Command> registry) implements Command {}

    /** An operator approved {@code version}, which waited; it serves once its record is told to the registry. */
    record Approved(long version, ActorRef<RegistryActor.Command> registry) implements Command {}

    /** The candidate before the gate does not serve. */
    record NotPromoted() implements Command {}

    /** An operator chose {@code version}: the learner continues from it. */
    record RolledBack(long version) implements Command {}

    /** Forget the rows of owners, here and in every checkpoint; {@code registry} is told when they are gone. */
    record Erase(List<Long> keys, ActorRef<RegistryActor.Command> registry) implements Command {}

    /** Finish: flush, checkpoint, stop. */
    record Finish() implements Command {}

    private enum Open implements Command {
        INSTANCE
    }

    private enum Tick implements Command {
        FLUSH,
        CANDIDATE,
        CHECKPOINT
    }

    /**
     * @param candidateExamples learned examples after which a candidate is taken
     * @param candidateAge time after which one is taken if anything was learned
     * @param checkpointEvery time between checkpoints; longer where writing one takes long
     */
    record Cadence(int candidateExamples, Duration candidateAge, Duration checkpointEvery) {
        /** Steps wait at the longest so long to become visible in the lineage topic. */
        private static final Duration FLUSH_EVERY = Duration.ofMillis(100);
        /** Writing checkpoints takes at most one of so many parts of the time, however large they are. */
        private static final int PARTS = 20;

        /** Time until the next checkpoint is begun, when one is written that took so long. */
        Duration untilCheckpoint(Duration took) {
            Duration rest = took.multipliedBy(PARTS - 1);
            return rest.compareTo(checkpointEvery) > 0 ? rest : checkpointEvery;
        }
    }

    /**
     * @param open restores the line and takes it through its recorded steps; runs on the trainer's own thread
     * @param nanoTime as of {@link System#nanoTime}
     * @param recovered told where the line stands once it can go on
     */
    static Behavior<Command> create(
            Supplier<TrainingRun> open,
            Cadence cadence,
            LongSupplier nanoTime,
            ActorRef<GateActor.Command> gate,
            ActorRef<TrainingActor.Command> recovered) {
        return Behaviors.setup(context -> {
            context.getSelf().tell(Open.INSTANCE);
            return Behaviors.receive(Command.class)
                    .onMessage(Open.class, message -> {
                        TrainingRun run = open.get();
                        recovered.tell(new TrainingActor.Recovered(run.position(), run.champion()));
                        return Behaviors.withTimers(
                                timers -> new TrainerActor(context, timers, run, cadence, nanoTime, gate));
                    })
                    .onMessage(Finish.class, message -> Behaviors.stopped())
                    .build();
        });
    }

    private final TimerScheduler<Command> timers;
    private final TrainingRun run;
    private final Cadence cadence;
    private final LongSupplier nanoTime;
    private final ActorRef<GateActor.Command> gate;
    private final AppendTimes unserved = new AppendTimes(4096);
    private int sinceCandidate;
    private long candidateNs;
    private boolean beforeGate;

    private TrainerActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            TrainingRun run,
            Cadence cadence,
            LongSupplier nanoTime,
            ActorRef<GateActor.Command> gate) {
        super(context);
        this.timers = timers;
        this.run = run;
        this.cadence = cadence;
        this.nanoTime = nanoTime;
        this.candidateNs = nanoTime.getAsLong();
        this.gate = gate;
        timers.startTimerWithFixedDelay(Tick.FLUSH, Cadence.FLUSH_EVERY);
        timers.startTimerWithFixedDelay(Tick.CANDIDATE, cadence.candidateAge());
        timers.startSingleTimer(Tick.CHECKPOINT, cadence.checkpointEvery());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Learn.class, this::onLearn)
                .onMessage(Examine.class, this::onExamine)
                .onMessage(Promoted.class, this::onPromoted)
                .onMessage(Approved.class, this::onApproved)
                .onMessage(NotPromoted.class, this::onNotPromoted)
                .onMessage(RolledBack.class, this::onRolledBack)
                .onMessage(Erase.class, this::onErase)
                .onMessage(Tick.class, this::onTick)
                .onMessage(Finish.class, this::onFinish)
                .onSignal(PostStop.class, this::onStopped)
                .build();
    }

    private Behavior<Command> onLearn(Learn message) {
        MiniBatch batch = message.formed().batch();
        run.take(new LineInput.Labeled(batch), message.formed().refused());
        unserved.addAll(message.appendedMs());
        sinceCandidate += batch.examples().size();
        if (sinceCandidate >= cadence.candidateExamples()
                || nanoTime.getAsLong() - candidateNs >= cadence.candidateAge().toNanos()) {
            offerCandidate();
        }
        message.batches().tell(new BatchActor.Ready());
        return this;
    }

    private Behavior<Command> onExamine(Examine message) {
        run.take(new LineInput.Traffic(message.batch()), List.of());
        message.traffic().tell(new TrafficActor.Ready());
        return this;
    }

    private Behavior<Command> onPromoted(Promoted message) {
        promoted(message.version(), message.registry());
        beforeGate = false;
        return this;
    }

    private Behavior<Command> onApproved(Approved message) {
        promoted(message.version(), message.registry());
        return this;
    }

    private void promoted(long version, ActorRef<RegistryActor.Command> registry) {
        run.take(new LineInput.Promoted(version), List.of());
        run.flush();
        registry.tell(new RegistryActor.Recorded(version));
    }

    private Behavior<Command> onNotPromoted(NotPromoted message) {
        beforeGate = false;
        return this;
    }

    private Behavior<Command> onRolledBack(RolledBack message) {
        run.take(new LineInput.RolledBack(message.version()), List.of());
        unserved.clear();
        sinceCandidate = 0;
        return this;
    }

    private Behavior<Command> onErase(Erase message) {
        try {
            message.registry().tell(new RegistryActor.Erased(message.keys(), run.erase(message.keys())));
        } catch (UncheckedIOException e) {
            message.registry().tell(new RegistryActor.NotErased(String.valueOf(e.getMessage())));
            throw e;
        }
        return this;
    }

    private Behavior<Command> onTick(Tick tick) {
        switch (tick) {
            case FLUSH -> run.flush();
            case CANDIDATE -> offerCandidate();
            case CHECKPOINT -> checkpoint();
        }
        return this;
    }

    private void checkpoint() {
        long began = nanoTime.getAsLong();
        run.checkpoint();
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
        timers.startSingleTimer(Tick.CHECKPOINT, cadence.untilCheckpoint(took));
    }

    private void offerCandidate() {
        if (!beforeGate && sinceCandidate > 0) {
            gate.tell(new GateActor.Judge(
                    run.candidate(), unserved.take(), getContext().getSelf()));
            beforeGate = true;
            sinceCandidate = 0;
            candidateNs = nanoTime.getAsLong();
        }
    }

    private Behavior<Command> onFinish(Finish message) {
        run.checkpoint();
        return Behaviors.stopped();
    }

    private Behavior<Command> onStopped(PostStop signal) {
        run.close();
        return this;
    }
}
