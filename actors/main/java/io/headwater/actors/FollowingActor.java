package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.kafka.Announcement;
import io.headwater.kafka.ModelsFollower;
import io.headwater.kafka.StreamStoppedException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In the place of the training half where a process only serves: follows what its trainer announces. */
final class FollowingActor extends AbstractBehavior<FollowingActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(FollowingActor.class);

    sealed interface Command {}

    private record Failed(StreamStoppedException cause) implements Command {}

    /** Starts to follow; {@code sink} and {@code onFailure} are called on the follower's thread. */
    interface Source {
        ModelsFollower start(Consumer<Announcement> sink, Consumer<StreamStoppedException> onFailure);
    }

    static Behavior<Command> create(Source source, ActorRef<RegistryActor.Command> registry) {
        Behavior<Command> following = Behaviors.setup(context -> new FollowingActor(context, source, registry));
        return Behaviors.supervise(following)
                .onFailure(
                        StageFailedException.class,
                        SupervisorStrategy.restartWithBackoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2)
                                .withLoggingEnabled(false));
    }

    private final ModelsFollower follower;

    private FollowingActor(ActorContext<Command> context, Source source, ActorRef<RegistryActor.Command> registry) {
        super(context);
        ActorRef<Command> self = context.getSelf();
        this.follower = source.start(
                announced -> registry.tell(new RegistryActor.Announced(announced)),
                cause -> self.tell(new Failed(cause)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Failed.class, this::onFailed)
                .onSignal(PreRestart.class, signal -> close())
                .onSignal(PostStop.class, signal -> close())
                .build();
    }

    private Behavior<Command> onFailed(Failed message) {
        String reason = String.valueOf(message.cause().getMessage());
        LOG.warn("{}; the version that serves goes on", reason);
        throw new StageFailedException(reason, message.cause());
    }

    private Behavior<Command> close() {
        follower.close();
        return this;
    }
}
