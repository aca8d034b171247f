package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.event.LabeledExample;
import io.headwater.kafka.MiniBatches;
import io.headwater.kafka.PolledBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Forms mini-batches of labelled examples by size and age. It holds what was polled and not yet handed on, bounded by
 * the credit that it gives to the poll loop; of the trainer it waits for one acknowledgement at a time.
 */
final class BatchActor extends AbstractBehavior<BatchActor.Command> {
    /** Polled batches in flight between the loop and here. */
    private static final int CREDIT = 4;

    sealed interface Command {}

    /** A whole polled batch. */
    record Polled(PolledBatch<LabeledExample> batch) implements Command {}

    /** The trainer has taken the last mini-batch in and can take the next. */
    record Ready() implements Command {}

    private enum Aged implements Command {
        INSTANCE
    }

    /**
     * @param size examples in a mini-batch
     * @param age how long a smaller one waits for more
     */
    record Settings(int size, Duration age) {}

    static Behavior<Command> create(
            Settings settings, IngestActor.Factory<LabeledExample> ingest, ActorRef<TrainerActor.Command> trainer) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new BatchActor(context, timers, settings, ingest, trainer)));
    }

    private final TimerScheduler<Command> timers;
    private final Settings settings;
    private final ActorRef<TrainerActor.Command> trainer;
    private final ActorRef<IngestActor.Command> ingest;
    private final Deque<PolledBatch<LabeledExample>> waiting = new ArrayDeque<>();
    private int records;
    private boolean trainerReady = true;
    private boolean aged;

    private BatchActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Settings settings,
            IngestActor.Factory<LabeledExample> ingest,
            ActorRef<TrainerActor.Command> trainer) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.trainer = trainer;
        ActorRef<Command> self = context.getSelf();
        this.ingest = context.spawn(ingest.create(batch -> self.tell(new Polled(batch))), "ingest");
        context.watch(this.ingest);
        this.ingest.tell(new IngestActor.Grant(CREDIT));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Polled.class, this::onPolled)
                .onMessage(Ready.class, this::onReady)
                .onMessage(Aged.class, this::onAged)
                .onSignal(ChildFailed.class, StageFailedException::rethrow)
                .build();
    }

    private Behavior<Command> onPolled(Polled message) {
        waiting.add(message.batch());
        records += message.batch().size();
        return handOn();
    }

    private Behavior<Command> onReady(Ready message) {
        trainerReady = true;
        return handOn();
    }

    private Behavior<Command> onAged(Aged message) {
        aged = true;
        return handOn();
    }

    /** Hands the next mini-batch on if it is due and wanted. */
    private Behavior<Command> handOn() {
        boolean due = records >= settings.size() || (aged && records > 0);
        if (due && trainerReady) {
            List<PolledBatch<LabeledExample>> taken = take(Math.min(records, settings.size()));
            trainer.tell(new TrainerActor.Learn(
                    MiniBatches.labeled(taken), appendedMs(taken), getContext().getSelf()));
            trainerReady = false;
            aged = false;
            timers.cancel(Aged.INSTANCE);
        }
        if (records > 0 && !aged && !timers.isTimerActive(Aged.INSTANCE)) {
            timers.startSingleTimer(Aged.INSTANCE, Aged.INSTANCE, settings.age());
        }
        return this;
    }

    private List<PolledBatch<LabeledExample>> take(int count) {
        List<PolledBatch<LabeledExample>> taken = new ArrayList<>();
        for (int left = count; left > 0; ) {
            PolledBatch<LabeledExample> head = waiting.remove();
            if (head.size() > left) {
                waiting.addFirst(head.slice(left, head.size()));
                head = head.slice(0, left);
            } else {
                ingest.tell(new IngestActor.Grant(1));
            }
            taken.add(head);
            left -= head.size();
        }
        records -= count;
        return taken;
    }

    private static long[] appendedMs(List<PolledBatch<LabeledExample>> taken) {
        return taken.stream()
                .flatMap(batch -> batch.records().stream())
                .mapToLong(record -> record.timestampMs())
                .toArray();
    }
}
