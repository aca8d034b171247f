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
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.kafka.Announcement;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.ort.ModelLoadException;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In the place of the training half where a process only serves: follows what its trainer announces, and is the only
 * writer of versions there. What cannot be served leaves the one before in its place.
 */
final class FollowingActor extends AbstractBehavior<FollowingActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(FollowingActor.class);

    sealed interface Command {}

    /** The trainer announced the version that serves there. */
    record Announced(Announcement announcement) implements Command {}

    private record Failed(StreamStoppedException cause) implements Command {}

    /** What could not be made to serve is tried again. */
    private record Again(Announced message) implements Command {}

    /** Starts to follow, and gives what stops it; {@code sink} and {@code onFailure} are called on its thread. */
    interface Source {
        Runnable start(Consumer<Announcement> sink, Consumer<StreamStoppedException> onFailure);
    }

    /** Loads a version and lets it go again. */
    interface Trial {
        /** @throws ModelLoadException if it cannot serve */
        void load(long version, byte[] onnx);
    }

    static Behavior<Command> create(
            Source source, VersionStore store, Trial trial, ActorRef<ServingActor.Command> serving, Clock clock) {
        return create(source, store, trial, serving, clock, TrainingParts.BackOff.USUAL);
    }

    static Behavior<Command> create(
            Source source,
            VersionStore store,
            Trial trial,
            ActorRef<ServingActor.Command> serving,
            Clock clock,
            TrainingParts.BackOff backOff) {
        Behavior<Command> following = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new FollowingActor(context, timers, source, store, trial, serving, clock)));
        return Behaviors.supervise(following)
                .onFailure(
                        StageFailedException.class,
                        SupervisorStrategy.restartWithBackoff(backOff.first(), backOff.most(), backOff.jitter())
                                .withLoggingEnabled(false));
    }

    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final TimerScheduler<Command> timers;
    private final VersionStore store;
    private final Trial trial;
    private final ActorRef<ServingActor.Command> serving;
    private final Clock clock;
    /** The source model that everything served here stands on. */
    private final Map<String, String> source;

    private final Runnable stop;
    private String refused = "";

    private FollowingActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Source announcements,
            VersionStore store,
            Trial trial,
            ActorRef<ServingActor.Command> serving,
            Clock clock) {
        super(context);
        this.timers = timers;
        this.store = store;
        this.trial = trial;
        this.serving = serving;
        this.clock = clock;
        this.source = store.source().hashes();
        // No checkpoint lies here, so a recovery needs none of the versions.
        store.needFrom(Long.MAX_VALUE);
        ActorRef<Command> self = context.getSelf();
        this.stop = announcements.start(
                announced -> self.tell(new Announced(announced)), cause -> self.tell(new Failed(cause)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Announced.class, this::onAnnounced)
                .onMessage(Again.class, again -> onAnnounced(again.message()))
                .onMessage(Failed.class, this::onFailed)
                .onSignal(PreRestart.class, signal -> stop())
                .onSignal(PostStop.class, signal -> stop())
                .build();
    }

    private Behavior<Command> onAnnounced(Announced message) {
        timers.cancel(Again.class);
        Announcement announced = message.announcement();
        try {
            if (!announced.source().equals(source)) {
                throw new RegistryException(
                        "it stands on another source model, because its trainer began anew, or is of a release that keeps it"
                                + " otherwise; an empty data-dir would take it");
            }
            if (store.served().orElse(0) != announced.version()) {
                serve(announced);
            }
            // Last: a start goes on behind it, where the version's file is not found again. A start between the two
            // reads once more what came since the last note, and serves that again, in its order.
            store.keepFollowed(announced.at());
            refused = "";
        } catch (ModelLoadException e) {
            // It would be no other a second later: the next announcement is tried.
            refuse(announced, e);
        } catch (RegistryException e) {
            refuse(announced, e);
            // A disk that was full may have room by then; nothing may be announced for long.
            timers.startSingleTimer(Again.class, new Again(message), TRY_AGAIN);
        }
        return this;
    }

    private void refuse(Announcement announced, Exception e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(refused)) {
            LOG.error(
                    "version {} is announced and does not serve, {} serves on: {}",
                    announced.version(),
                    store.served().orElse(0),
                    reason);
            refused = reason;
        }
    }

    private void serve(Announcement announced) {
        // First: a start has nothing else than the version that was recorded last.
        trial.load(announced.version(), announced.onnx());
        AuditRecord choice = announced.choice();
        store.mirror(announced.manifest(), announced.onnx());
        store.serve(announced.version(), choice.who(), choice.action(), choice.why(), choice.timeMs());
        serving.tell(new ServingActor.Serve(announced.version(), announced.onnx(), new long[0]));
        store.forgetOld(clock.millis());
    }

    private Behavior<Command> onFailed(Failed message) {
        String reason = String.valueOf(message.cause().getMessage());
        LOG.warn("{}; the version that serves goes on", reason);
        throw new StageFailedException(reason, message.cause());
    }

    private Behavior<Command> stop() {
        stop.run();
        return this;
    }
}
