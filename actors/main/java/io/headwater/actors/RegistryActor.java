package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.api.ModelAdmin;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.line.Candidate;
import io.headwater.line.TrainingRun;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of versions where a model is trained: stores what the gate passed, records who serves and why, and tells
 * who has to know. The gate's candidates are taken here; {@link Promotions} has them serve, {@link ApprovalDesk} keeps the
 * one that waits for an operator, {@link OperatorDesk} answers operators and {@link Erasing} erases rows.
 */
final class RegistryActor extends AbstractBehavior<RegistryActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryActor.class);

    sealed interface Command {}

    /** The gate passed a candidate. */
    record Add(Candidate candidate, String verdict, long[] appendedMs, ActorRef<TrainerActor.Command> trainer)
            implements Command {}

    /** The gate passed a candidate that an operator has to approve before it serves. */
    record Propose(Candidate candidate, String verdict, ActorRef<TrainerActor.Command> trainer) implements Command {}

    /** The line has taken {@code version} as its champion, and the lineage topic says so: it may serve. */
    record Recorded(long version) implements Command {}

    /**
     * An operator chooses the version that serves, answers for the one that waits, pins one or takes its pin away.
     *
     * @param version see {@link ModelAdmin#change}
     */
    record Choose(OptionalLong version, Action action, String who, String why, ActorRef<Answer<Long>> replyTo)
            implements Command {}

    /** An operator has rows erased that are kept of some owners. */
    record Erase(List<Long> keys, String who, String why, ActorRef<Answer<ModelAdmin.Erasure>> replyTo)
            implements Command {}

    /** The line and its checkpoints have the rows of the owners no more. */
    record Erased(List<Long> keys, TrainingRun.Erased done) implements Command {}

    /** The line could not be rid of them, and training starts again. */
    record NotErased(String reason) implements Command {}

    /** The rest of an erasure is tried again. */
    private enum EraseRest implements Command {
        INSTANCE
    }

    /** An operator asks for all versions. */
    record Versions(ActorRef<Answer<List<ModelAdmin.Version>>> replyTo) implements Command {}

    /** An operator asks who did what, by the newest {@code last} records. */
    record Audit(int last, ActorRef<Answer<List<AuditRecord>>> replyTo) implements Command {}

    /** A trainer goes on with {@code champion}; from here on it is told when an operator changes that. */
    record Recovered(ActorRef<TrainerActor.Command> trainer, long champion) implements Command {}

    /** There is no trainer for a while, or for good. */
    record Stopped() implements Command {}

    /** A version that could not be made to serve is tried again; 0: one that is approved and could not be recorded. */
    record Again(long version) implements Command {}

    /** Writes down what is known of a candidate that becomes a version. */
    interface Manifests {
        Manifest of(long version, Candidate candidate, String verdict, long nowMs);
    }

    /** @param keepers what has rows of owners that may be erased */
    static Behavior<Command> create(
            VersionStore store,
            Manifests manifests,
            ActorRef<ServingActor.Command> serving,
            Clock clock,
            Telemetry telemetry,
            Role role,
            Erasing.Keepers keepers) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ApprovalDesk approvals = new ApprovalDesk(store, clock, telemetry);
            Erasing erasing = new Erasing(store, keepers, clock, context.getSelf());
            Promotions promotions = new Promotions(
                    context.getSelf(), timers, store, serving, role.announcing(), clock, approvals, erasing);
            OperatorDesk operators = new OperatorDesk(store, clock, approvals, promotions, role.follows());
            return new RegistryActor(
                    context, timers, store, manifests, clock, approvals, erasing, promotions, operators);
        }));
    }

    /**
     * Whom this registry leads or follows.
     *
     * @param announcing tells others what serves here
     * @param follows the topic that says what serves here; empty where the gate and operators do
     */
    record Role(Optional<ActorRef<AnnouncingActor.Command>> announcing, String follows) {
        static final Role ALONE = new Role(Optional.empty(), "");
    }

    private static final Duration ERASE_AGAIN = Duration.ofSeconds(10);

    private final TimerScheduler<Command> timers;
    private final VersionStore store;
    private final Manifests manifests;
    private final Clock clock;
    private final ApprovalDesk approvals;
    private final Erasing erasing;
    private final Promotions promotions;
    private final OperatorDesk operators;

    private RegistryActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            VersionStore store,
            Manifests manifests,
            Clock clock,
            ApprovalDesk approvals,
            Erasing erasing,
            Promotions promotions,
            OperatorDesk operators) {
        super(context);
        this.timers = timers;
        this.store = store;
        this.manifests = manifests;
        this.clock = clock;
        this.approvals = approvals;
        this.erasing = erasing;
        this.promotions = promotions;
        this.operators = operators;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Add.class, this::onAdd)
                .onMessage(Propose.class, this::onPropose)
                .onMessage(Recorded.class, this::onRecorded)
                .onMessage(Again.class, this::onAgain)
                .onMessage(Choose.class, this::onChoose)
                .onMessage(Erase.class, this::onErase)
                .onMessage(Erased.class, this::onErased)
                .onMessage(NotErased.class, this::onNotErased)
                .onMessage(EraseRest.class, this::onEraseRest)
                .onMessage(Versions.class, this::onVersions)
                .onMessage(Audit.class, this::onAudit)
                .onMessage(Recovered.class, this::onRecovered)
                .onMessage(Stopped.class, this::onStopped)
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    private Behavior<Command> onAdd(Add message) {
        Candidate candidate = message.candidate();
        try {
            if (isDropped(candidate)) {
                message.trainer().tell(new TrainerActor.NotPromoted());
                return this;
            }
            long version = store.nextNumber();
            store.add(
                    manifests.of(version, candidate, message.verdict(), clock.millis()),
                    candidate.onnx(),
                    candidate.learner());
            promotions.stored(version, message.appendedMs(), message.trainer());
        } catch (RegistryException e) {
            LOG.error("the candidate after step {} is not stored: {}", candidate.sequence(), e.getMessage());
            message.trainer().tell(new TrainerActor.NotPromoted());
        }
        return this;
    }

    private boolean isDropped(Candidate candidate) {
        if (store.pinned().contains(store.served().orElse(0))) {
            LOG.debug("candidate after step {} is dropped: the version that serves is pinned", candidate.sequence());
            return true;
        }
        if (store.served().orElse(0) != candidate.champion()) {
            LOG.info("candidate after step {} is dropped: the champion changed meanwhile", candidate.sequence());
            return true;
        }
        if (erasing.precedes(candidate.sequence())) {
            LOG.info("candidate after step {} is dropped: rows were erased meanwhile", candidate.sequence());
            return true;
        }
        return false;
    }

    /** The line goes on without it; the gate has not let it ask where the one that waits must stay. */
    private Behavior<Command> onPropose(Propose message) {
        Candidate candidate = message.candidate();
        message.trainer().tell(new TrainerActor.NotPromoted());
        try {
            if (!isDropped(candidate)) {
                long version = store.nextNumber();
                approvals.propose(candidate, manifests.of(version, candidate, message.verdict(), clock.millis()));
            }
        } catch (RegistryException e) {
            LOG.error("the candidate after step {} is not stored: {}", candidate.sequence(), e.getMessage());
        }
        return this;
    }

    private Behavior<Command> onRecorded(Recorded message) {
        promotions.recorded(message.version());
        return this;
    }

    private Behavior<Command> onAgain(Again message) {
        promotions.again(message.version());
        return this;
    }

    private Behavior<Command> onRecovered(Recovered message) {
        try {
            promotions.recovered(message.trainer(), message.champion());
        } catch (RegistryException e) {
            LOG.error("what serves is not compared with the line yet: {}", e.getMessage());
            timers.startSingleTimer(Recovered.class, message, Promotions.TRY_AGAIN);
            return this;
        }
        return eraseRest(erasing.resume(message.trainer()));
    }

    private Behavior<Command> onStopped(Stopped message) {
        promotions.stopped();
        erasing.stopped("training stopped before the rows were erased");
        return this;
    }

    private Behavior<Command> onChoose(Choose message) {
        message.replyTo().tell(operators.choose(message));
        return this;
    }

    private Behavior<Command> onVersions(Versions message) {
        message.replyTo().tell(operators.versions());
        return this;
    }

    private Behavior<Command> onAudit(Audit message) {
        message.replyTo().tell(operators.audit(message.last()));
        return this;
    }

    private Behavior<Command> onErase(Erase message) {
        Optional<Answer<ModelAdmin.Erasure>> elsewhere = operators.elsewhere();
        if (elsewhere.isPresent()) {
            message.replyTo().tell(elsewhere.get());
            return this;
        }
        return eraseRest(erasing.ask(message, promotions.trainer()));
    }

    private Behavior<Command> onErased(Erased message) {
        return eraseRest(erasing.lineErased(message.keys(), message.done()));
    }

    private Behavior<Command> onNotErased(NotErased message) {
        erasing.stopped(message.reason());
        return this;
    }

    private Behavior<Command> onEraseRest(EraseRest again) {
        return eraseRest(erasing.next(promotions.trainer()));
    }

    private Behavior<Command> eraseRest(Erasing.Rest rest) {
        switch (rest) {
            case NONE -> {}
            case AT_ONCE -> getContext().getSelf().tell(EraseRest.INSTANCE);
            case LATER -> timers.startSingleTimer(EraseRest.INSTANCE, ERASE_AGAIN);
        }
        return this;
    }

    private Behavior<Command> onPostStop(PostStop signal) {
        erasing.letGo();
        return this;
    }
}
