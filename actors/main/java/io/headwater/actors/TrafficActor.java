package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.event.Event;
import io.headwater.kafka.MiniBatches;
import io.headwater.kafka.PolledBatch;
import java.time.Duration;
import java.util.List;

/**
 * Hands sampled live traffic to the trainer: whole polled batches, at most so many rows a second. It asks for the next
 * only when the trainer has taken in the last and the rate allows; the poll loop skips ahead when it falls behind, so
 * the sample stays today's.
 */
final class TrafficActor extends AbstractBehavior<TrafficActor.Command> {
    sealed interface Command {}

    /** A whole polled batch. */
    record Polled(PolledBatch<Event> batch) implements Command {}

    /** The trainer has taken the last batch in. */
    record Ready() implements Command {}

    private enum Allowed implements Command {
        INSTANCE
    }

    static Behavior<Command> create(
            int maxRowsPerSecond, IngestActor.Factory<Event> ingest, ActorRef<TrainerActor.Command> trainer) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new TrafficActor(context, timers, maxRowsPerSecond, ingest, trainer)));
    }

    private final TimerScheduler<Command> timers;
    private final int maxRowsPerSecond;
    private final ActorRef<TrainerActor.Command> trainer;
    private final ActorRef<IngestActor.Command> ingest;
    private int lastRows;

    private TrafficActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            int maxRowsPerSecond,
            IngestActor.Factory<Event> ingest,
            ActorRef<TrainerActor.Command> trainer) {
        super(context);
        this.timers = timers;
        this.maxRowsPerSecond = maxRowsPerSecond;
        this.trainer = trainer;
        ActorRef<Command> self = context.getSelf();
        this.ingest = context.spawn(ingest.create(batch -> self.tell(new Polled(batch))), "ingest");
        context.watch(this.ingest);
        this.ingest.tell(new IngestActor.Grant(1));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Polled.class, this::onPolled)
                .onMessage(Ready.class, this::onReady)
                .onMessage(Allowed.class, this::onAllowed)
                .onSignal(ChildFailed.class, StageFailedException::rethrow)
                .build();
    }

    private Behavior<Command> onPolled(Polled message) {
        lastRows = message.batch().size();
        // Refused events are the scoring loop's dead letters; here they are only passed over.
        trainer.tell(new TrainerActor.Examine(
                MiniBatches.traffic(List.of(message.batch())).batch(),
                getContext().getSelf()));
        return this;
    }

    /** The rows just taken in use up their share of a second before the next are asked for. */
    private Behavior<Command> onReady(Ready message) {
        timers.startSingleTimer(Allowed.INSTANCE, Duration.ofNanos(lastRows * 1_000_000_000L / maxRowsPerSecond));
        return this;
    }

    private Behavior<Command> onAllowed(Allowed message) {
        ingest.tell(new IngestActor.Grant(1));
        return this;
    }
}
