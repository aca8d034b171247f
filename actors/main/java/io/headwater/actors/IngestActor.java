package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.kafka.PolledBatch;
import io.headwater.kafka.Polling;
import io.headwater.kafka.StreamStoppedException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Owns one poll loop, which reads a topic on a thread of its own and hands on whole polled batches for as long as it
 * has credit. Credit comes back as batches are used up, so nothing piles up in a mailbox.
 */
final class IngestActor<T> extends AbstractBehavior<IngestActor.Command> {
    sealed interface Command {}

    /** So many more polled batches may be handed on. */
    record Grant(int batches) implements Command {}

    private enum Measure implements Command {
        INSTANCE
    }

    private record Failed(StreamStoppedException cause) implements Command {}

    /** Starts the loop; {@code sink} and {@code onFailure} are called on its thread. */
    interface Source<T> {
        Polling start(Consumer<PolledBatch<T>> sink, Consumer<StreamStoppedException> onFailure);
    }

    /** Makes the actor that reads for whoever owns {@code sink}. */
    interface Factory<T> {
        Behavior<Command> create(Consumer<PolledBatch<T>> sink);
    }

    /** @param lag told once a second how many records the loop is behind the end of its topic */
    static <T> Behavior<Command> create(Source<T> source, LongConsumer lag, Consumer<PolledBatch<T>> sink) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Measure.INSTANCE, Duration.ofSeconds(1));
            return new IngestActor<>(context, source, lag, sink);
        }));
    }

    private final Polling loop;
    private final LongConsumer lag;

    private IngestActor(
            ActorContext<Command> context, Source<T> source, LongConsumer lag, Consumer<PolledBatch<T>> sink) {
        super(context);
        this.lag = lag;
        ActorRef<Command> self = context.getSelf();
        this.loop = source.start(sink, cause -> self.tell(new Failed(cause)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Grant.class, this::onGrant)
                .onMessage(Measure.class, this::onMeasure)
                .onMessage(Failed.class, this::onFailed)
                .onSignal(PostStop.class, this::onStopped)
                .build();
    }

    private Behavior<Command> onGrant(Grant message) {
        loop.grant(message.batches());
        return this;
    }

    private Behavior<Command> onMeasure(Measure message) {
        lag.accept(loop.lagRecords());
        return this;
    }

    private Behavior<Command> onFailed(Failed message) {
        throw new StageFailedException(String.valueOf(message.cause().getMessage()), message.cause());
    }

    private Behavior<Command> onStopped(PostStop signal) {
        loop.close();
        return this;
    }
}
