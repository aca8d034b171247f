package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.api.ModelAdmin;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Cause;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Refused;
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
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only writer of versions: stores what the gate passed, records who serves and why, and tells who has to know. */
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

    /** An operator asks who did what. */
    record Audit(ActorRef<Answer<List<AuditRecord>>> replyTo) implements Command {}

    /** A trainer goes on with {@code champion}; from here on it is told when an operator changes that. */
    record Recovered(ActorRef<TrainerActor.Command> trainer, long champion) implements Command {}

    /** There is no trainer for a while, or for good. */
    record Stopped() implements Command {}

    /** A version that could not be made to serve is tried again. */
    private record Again(long version) implements Command {}

    private record Stored(long version, long[] appendedMs) {}

    /** Writes down what is known of a candidate that becomes a version. */
    interface Manifests {
        Manifest of(long version, Candidate candidate, String verdict, long nowMs);
    }

    static Behavior<Command> create(
            VersionStore store,
            Manifests manifests,
            ActorRef<ServingActor.Command> serving,
            Clock clock,
            Telemetry telemetry) {
        return create(store, manifests, serving, clock, telemetry, Role.ALONE, Erasing.NOTHING);
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
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new RegistryActor(
                context,
                timers,
                store,
                manifests,
                serving,
                clock,
                new ApprovalDesk(store, clock, telemetry),
                role,
                new Erasing(store, keepers, clock, context.getSelf()))));
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

    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final Duration ERASE_AGAIN = Duration.ofSeconds(10);

    private final TimerScheduler<Command> timers;
    private final VersionStore store;
    private final Manifests manifests;
    private final ActorRef<ServingActor.Command> serving;
    private final Clock clock;
    private final ApprovalDesk approvals;
    private final Role role;
    private final Erasing erasing;
    private Optional<ActorRef<TrainerActor.Command>> trainer = Optional.empty();
    /** The version that waits for its record in the lineage. */
    private Optional<Stored> stored = Optional.empty();

    private RegistryActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            VersionStore store,
            Manifests manifests,
            ActorRef<ServingActor.Command> serving,
            Clock clock,
            ApprovalDesk approvals,
            Role role,
            Erasing erasing) {
        super(context);
        this.timers = timers;
        this.store = store;
        this.manifests = manifests;
        this.serving = serving;
        this.clock = clock;
        this.approvals = approvals;
        this.role = role;
        this.erasing = erasing;
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
                .build();
    }

    private Behavior<Command> onAdd(Add message) {
        Candidate candidate = message.candidate();
        if (isDropped(candidate)) {
            message.trainer().tell(new TrainerActor.NotPromoted());
            return this;
        }
        try {
            long version = store.nextNumber();
            store.add(
                    manifests.of(version, candidate, message.verdict(), clock.millis()),
                    candidate.onnx(),
                    candidate.learner());
            stored = Optional.of(new Stored(version, message.appendedMs()));
            message.trainer()
                    .tell(new TrainerActor.Promoted(version, getContext().getSelf()));
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
        if (!isDropped(candidate)) {
            try {
                long version = store.nextNumber();
                approvals.propose(candidate, manifests.of(version, candidate, message.verdict(), clock.millis()));
            } catch (RegistryException e) {
                LOG.error("the candidate after step {} is not stored: {}", candidate.sequence(), e.getMessage());
            }
        }
        return this;
    }

    private Behavior<Command> onRecorded(Recorded message) {
        Optional<Stored> waits = stored.filter(waiting -> waiting.version() == message.version());
        // An operator who chose another version meanwhile has the last word.
        if (waits.isPresent()) {
            stored = Optional.empty();
            promote(message.version(), waits.get().appendedMs());
        }
        return this;
    }

    /**
     * A crash may fall between two words about a champion. The gate's promotions are recorded in the lineage before they
     * serve, and so are those that an operator approved; an operator's choice serves at once, and the line is told then,
     * if there is one.
     */
    private Behavior<Command> onRecovered(Recovered message) {
        trainer = Optional.of(message.trainer());
        stored = Optional.empty();
        long champion = message.champion();
        long served = store.served().orElse(champion);
        if (served != champion) {
            if (!store.hasServed(champion) && store.manifest(champion).parent() == served) {
                promote(champion, new long[0]);
            } else {
                goBack(served);
            }
        } else {
            approvals.approved().ifPresent(this::record);
        }
        erasing.resume(message.trainer());
        return this;
    }

    private Behavior<Command> onStopped(Stopped message) {
        trainer = Optional.empty();
        erasing.stopped("training stopped before the rows were erased");
        return this;
    }

    private Behavior<Command> onAgain(Again message) {
        if (store.served().orElse(0) != message.version()) {
            promote(message.version(), new long[0]);
        }
        return this;
    }

    /** The line has it for its champion by now, and no candidate of a line passes whose champion does not serve. */
    private void promote(long version, long[] appendedMs) {
        timers.cancel(Again.class);
        long served = store.served().orElse(version);
        if (store.pinned().contains(served) && served != version) {
            // An operator pinned it while the gate's word was on its way: the line goes back to what serves.
            LOG.warn("version {} does not serve: version {} was pinned meanwhile", version, served);
            approvals.withdraw();
            goBack(served);
            return;
        }
        try {
            byte[] onnx = store.onnx(version);
            String verdict = store.manifest(version).verdict();
            store.serve(version, AuditRecord.GATE, Action.PROMOTE, approvals.words(version, verdict), clock.millis());
            serving.tell(new ServingActor.Serve(version, onnx, appendedMs));
            served(false);
        } catch (RegistryException e) {
            LOG.error("version {} is recorded but does not serve yet: {}", version, e.getMessage());
            timers.startSingleTimer(Again.class, new Again(version), TRY_AGAIN);
        }
    }

    /** Serving has its version by then: what goes wrong here harms nobody. */
    private void served(boolean byOperator) {
        approvals.tell();
        List<Long> gone = forgetOld();
        role.announcing().ifPresent(ref -> ref.tell(new AnnouncingActor.Changed(gone, byOperator)));
    }

    private List<Long> forgetOld() {
        try {
            return store.forgetOld(clock.millis());
        } catch (RegistryException e) {
            LOG.warn("{}", e.getMessage());
            return List.of();
        }
    }

    private Behavior<Command> onChoose(Choose message) {
        if (!role.follows().isEmpty()) {
            message.replyTo().tell(follows());
            return this;
        }
        try {
            OptionalLong version = message.version().isPresent() ? message.version() : usual(message.action());
            if (version.isEmpty()) {
                message.replyTo()
                        .tell(new Refused<>(
                                Cause.CONFLICT,
                                isAnswer(message) ? approvals.unnamed() : "no version served before this one"));
            } else if (isAnswer(message)) {
                // One whose place another took is gone, and what there is to say of it is more than that.
                choose(message, version.getAsLong());
            } else if (!store.numbers().contains(version.getAsLong())) {
                message.replyTo().tell(new Refused<>(Cause.UNKNOWN, store.unknown(version.getAsLong())));
            } else {
                choose(message, version.getAsLong());
            }
        } catch (RegistryException e) {
            message.replyTo().tell(new Refused<>(Cause.CONFLICT, String.valueOf(e.getMessage())));
        }
        return this;
    }

    private <T> Answer<T> follows() {
        return new Refused<>(
                Cause.CONFLICT,
                "this process serves what topic " + role.follows()
                        + " announces; send the command to the one that trains");
    }

    /** Whether an operator approves or rejects what waits. */
    private static boolean isAnswer(Choose message) {
        return message.action() == Action.APPROVE || message.action() == Action.REJECT;
    }

    private void choose(Choose message, long version) {
        if (message.action() == Action.PIN) {
            store.pin(version, message.who(), message.why(), clock.millis());
        } else if (message.action() == Action.UNPIN) {
            store.unpin(version, message.who(), message.why(), clock.millis());
        } else if (isAnswer(message)) {
            approvals.answer(message, version);
            approvals.approved().ifPresent(this::record);
        } else {
            serve(message, version);
        }
        message.replyTo().tell(new Done<>(version));
    }

    /** An approved version serves when the lineage says so, as one does that the gate alone let pass. */
    private void record(long version) {
        stored = Optional.of(new Stored(version, new long[0]));
        trainer.ifPresent(
                ref -> ref.tell(new TrainerActor.Approved(version, getContext().getSelf())));
    }

    private void serve(Choose message, long version) {
        byte[] onnx = store.onnx(version);
        store.choose(version, message.who(), message.action(), message.why(), clock.millis());
        timers.cancel(Again.class);
        stored = Optional.empty();
        serving.tell(new ServingActor.Serve(version, onnx, new long[0]));
        goBack(version);
        served(true);
    }

    private void goBack(long version) {
        trainer.ifPresent(ref -> ref.tell(new TrainerActor.RolledBack(version)));
        erasing.wentBack();
    }

    private Behavior<Command> onErase(Erase message) {
        if (!role.follows().isEmpty()) {
            message.replyTo().tell(follows());
        } else {
            erasing.ask(message, trainer);
        }
        return this;
    }

    private Behavior<Command> onErased(Erased message) {
        erasing.lineErased(message.keys(), message.done());
        return eraseRest();
    }

    private Behavior<Command> onNotErased(NotErased message) {
        erasing.stopped(message.reason());
        return this;
    }

    private Behavior<Command> onEraseRest(EraseRest again) {
        return eraseRest();
    }

    private Behavior<Command> eraseRest() {
        if (erasing.finish(trainer)) {
            timers.startSingleTimer(EraseRest.INSTANCE, ERASE_AGAIN);
        }
        return this;
    }

    private OptionalLong usual(Action action) {
        return switch (action) {
            case ROLL_BACK -> store.previous();
            case PIN, UNPIN -> store.served();
            case APPROVE, REJECT -> OptionalLong.empty();
            default -> store.numbers().stream().mapToLong(Long::longValue).max();
        };
    }

    private Behavior<Command> onVersions(Versions message) {
        try {
            long served = store.served().orElse(0);
            Set<Long> pinned = store.pinned();
            Optional<ModelAdmin.Waits> waits = approvals.waits();
            message.replyTo()
                    .tell(new Done<>(store.numbers().stream()
                            .map(number -> new ModelAdmin.Version(
                                    store.manifest(number),
                                    number == served,
                                    pinned.contains(number),
                                    waits.filter(one -> one.waiting().version() == number)))
                            .toList()));
        } catch (RegistryException e) {
            message.replyTo().tell(new Refused<>(Cause.CONFLICT, String.valueOf(e.getMessage())));
        }
        return this;
    }

    private Behavior<Command> onAudit(Audit message) {
        try {
            message.replyTo().tell(new Done<>(store.audit()));
        } catch (RegistryException e) {
            message.replyTo().tell(new Refused<>(Cause.CONFLICT, String.valueOf(e.getMessage())));
        }
        return this;
    }
}
