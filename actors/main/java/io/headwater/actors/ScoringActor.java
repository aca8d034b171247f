package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.kafka.ScoringLoop;
import io.headwater.kafka.StreamStoppedException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Supervises one plain scoring loop, which polls, scores and produces on a thread of its own. If the loop ends by
 * itself it is started again after a back-off; it continues at the offsets of its last transaction.
 */
final class ScoringActor extends AbstractBehavior<ScoringActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(ScoringActor.class);

    sealed interface Command {}

    private record Failed(StreamStoppedException cause) implements Command {}

    static Behavior<Command> create(ModelParts parts, OpenedModel model, int number) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> new ScoringActor(context, parts, model, number)))
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(30), 0.2)
                        .withLoggingEnabled(false));
    }

    private final ModelParts parts;
    private final ScoringLoop loop;

    private ScoringActor(ActorContext<Command> context, ModelParts parts, OpenedModel model, int number) {
        super(context);
        this.parts = parts;
        ActorRef<Command> self = context.getSelf();
        this.loop = parts.scoringLoop(model.rows(), model.slot(), number, cause -> self.tell(new Failed(cause)));
        parts.telemetry().scoringLoop(true);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Failed.class, this::onFailed)
                .onSignal(akka.actor.typed.PreRestart.class, signal -> closed())
                .onSignal(PostStop.class, signal -> closed())
                .build();
    }

    private Behavior<Command> onFailed(Failed message) {
        LOG.atError()
                .addKeyValue("model", parts.name())
                .log("scoring starts again: {}", message.cause().getMessage());
        throw new StageFailedException(String.valueOf(message.cause().getMessage()), message.cause());
    }

    private Behavior<Command> closed() {
        parts.telemetry().scoringLoop(false);
        loop.close();
        return this;
    }
}
