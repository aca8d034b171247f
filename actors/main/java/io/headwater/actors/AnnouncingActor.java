package io.headwater.actors;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.kafka.ModelsTopic;
import io.headwater.kafka.ModelsTopic.FencedException;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the version that serves to processes that only serve: what an operator chose at once, what the gate promoted
 * once in a while, the newest alone. It reads what serves from the store, so a restart loses nothing.
 */
final class AnnouncingActor extends AbstractBehavior<AnnouncingActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncingActor.class);
    /** Of so many versions that are no more the topic is told; the rest stay in it. */
    private static final int MOST_GONE = 10_000;
    /** So many lines of the audit trail are looked through for them at a start: of a minute or two at the quickest. */
    private static final int DELETED_LATELY = 1_000;

    sealed interface Command {}

    /** Another version serves, or {@code gone} are no more; {@code now} if it is an operator's doing. */
    record Changed(List<Long> gone, boolean now) implements Command {}

    private enum Due implements Command {
        INSTANCE
    }

    /** @param every time between announcements of what the gate promoted */
    static Behavior<Command> create(Supplier<ModelsTopic> open, VersionStore store, Duration every) {
        return create(open, store, every, TrainingParts.BackOff.USUAL);
    }

    static Behavior<Command> create(
            Supplier<ModelsTopic> open, VersionStore store, Duration every, TrainingParts.BackOff backOff) {
        Behavior<Command> announcing = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new AnnouncingActor(context, timers, open.get(), store, every)));
        Behavior<Command> restarting = Behaviors.supervise(announcing)
                .onFailure(
                        StreamStoppedException.class,
                        SupervisorStrategy.restartWithBackoff(backOff.first(), backOff.most(), backOff.jitter())
                                .withLoggingEnabled(false));
        return Behaviors.supervise(restarting)
                .onFailure(FencedException.class, SupervisorStrategy.stop().withLoggingEnabled(false));
    }

    private final TimerScheduler<Command> timers;
    private final ModelsTopic topic;
    private final VersionStore store;
    private final Duration every;
    private final List<Long> gone = new ArrayList<>();
    private long announced;

    private AnnouncingActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ModelsTopic topic,
            VersionStore store,
            Duration every) {
        super(context);
        this.timers = timers;
        this.topic = topic;
        this.store = store;
        this.every = every;
        try {
            tellOfDeleted();
            announce();
        } catch (RuntimeException e) {
            topic.close();
            throw e;
        }
    }

    private void tellOfDeleted() {
        try {
            gone.addAll(deletedLately(store));
        } catch (RegistryException e) {
            LOG.info("versions that were deleted may stay in the topic: {}", e.getMessage());
        }
    }

    /**
     * The versions that were deleted last: a crash may have come before the topic was told. To tell it twice does no harm.
     */
    static List<Long> deletedLately(VersionStore store) {
        Set<Long> kept = Set.copyOf(store.numbers());
        return store.audit(DELETED_LATELY).stream()
                .filter(record -> record.action() == Action.DELETE && !kept.contains(record.version()))
                .map(AuditRecord::version)
                .toList();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Changed.class, this::onChanged)
                .onMessage(Due.class, this::onDue)
                .onSignal(PreRestart.class, signal -> close())
                .onSignal(PostStop.class, this::onStopped)
                .build();
    }

    private Behavior<Command> onChanged(Changed message) {
        if (gone.size() < MOST_GONE) {
            gone.addAll(message.gone());
        }
        if (message.now() || !timers.isTimerActive(Due.INSTANCE)) {
            announce();
        }
        return this;
    }

    private Behavior<Command> onDue(Due message) {
        announce();
        return this;
    }

    private void announce() {
        try {
            if (store.served().orElse(0) != announced || !gone.isEmpty()) {
                announced = topic.announce(gone);
                gone.clear();
                timers.startSingleTimer(Due.INSTANCE, Due.INSTANCE, every);
            }
        } catch (RegistryException e) {
            // Retention was quicker: the next change tells what serves.
            LOG.info("nothing is announced: {}", e.getMessage());
        } catch (StreamStoppedException | FencedException e) {
            LOG.warn("{}", e.getMessage());
            throw e;
        }
    }

    /** The last promotion may still wait for its turn. */
    private Behavior<Command> onStopped(PostStop signal) {
        try {
            announce();
        } catch (StreamStoppedException | FencedException e) {
            LOG.debug("the last version is announced at the next start");
        }
        return close();
    }

    private Behavior<Command> close() {
        topic.close();
        return this;
    }
}
