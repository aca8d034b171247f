package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.TimerScheduler;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a stored version comes to serve, and who is told. A part of {@link RegistryActor}, on its thread.
 *
 * <pre>
 *   the gate passed it ----> waits for its record --the lineage has it--> serves
 *   an operator approved it ----^                                           ^
 *   an operator chose it ------ and the line goes back to it ---------------+
 * </pre>
 */
final class Promotions {
    private static final Logger LOG = LoggerFactory.getLogger(Promotions.class);
    static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final long NONE = 0;
    private static final String APPROVED = "approved";

    private record Unrecorded(long version, long[] appendedMs) {}

    private final ActorRef<RegistryActor.Command> registry;
    private final TimerScheduler<RegistryActor.Command> timers;
    private final VersionStore store;
    private final ActorRef<ServingActor.Command> serving;
    private final Optional<ActorRef<AnnouncingActor.Command>> announcing;
    private final Clock clock;
    private final ApprovalDesk approvals;
    private final Erasing erasing;
    private Optional<ActorRef<TrainerActor.Command>> trainer = Optional.empty();
    /** The version that waits for its record in the lineage. */
    private Optional<Unrecorded> unrecorded = Optional.empty();
    /** The recorded version that is tried again since it could not be made to serve. */
    private long unserved = NONE;

    Promotions(
            ActorRef<RegistryActor.Command> registry,
            TimerScheduler<RegistryActor.Command> timers,
            VersionStore store,
            ActorRef<ServingActor.Command> serving,
            Optional<ActorRef<AnnouncingActor.Command>> announcing,
            Clock clock,
            ApprovalDesk approvals,
            Erasing erasing) {
        this.registry = registry;
        this.timers = timers;
        this.store = store;
        this.serving = serving;
        this.announcing = announcing;
        this.clock = clock;
        this.approvals = approvals;
        this.erasing = erasing;
    }

    /** The trainer of the line, while there is one. */
    Optional<ActorRef<TrainerActor.Command>> trainer() {
        return trainer;
    }

    /**
     * A crash may fall between two words about a champion. The gate's promotions are recorded in the lineage before they
     * serve, and so are those that an operator approved; an operator's choice serves at once, and the line is told then,
     * if there is one.
     */
    void recovered(ActorRef<TrainerActor.Command> newTrainer, long champion) {
        trainer = Optional.of(newTrainer);
        unrecorded = Optional.empty();
        long served = store.served().orElse(champion);
        if (served != champion) {
            if (!store.hasServed(champion) && store.manifest(champion).parent() == served) {
                promote(champion, new long[0]);
            } else {
                goBack(served);
            }
        } else {
            recordApproved();
        }
    }

    /** There is no trainer for a while, or for good. */
    void stopped() {
        timers.cancel(RegistryActor.Recovered.class);
        trainer = Optional.empty();
    }

    /** What the gate passed is stored, and {@code asked} is to record it. */
    void stored(long version, long[] appendedMs, ActorRef<TrainerActor.Command> asked) {
        timers.cancel(RegistryActor.Recovered.class);
        unrecorded = Optional.of(new Unrecorded(version, appendedMs));
        asked.tell(new TrainerActor.Promoted(version, registry));
    }

    /** An approved version serves when the lineage says so, as one does that the gate alone let pass. */
    void recordApproved() {
        try {
            approvals.approved().ifPresent(version -> {
                timers.cancel(RegistryActor.Recovered.class);
                unrecorded = Optional.of(new Unrecorded(version, new long[0]));
                trainer.ifPresent(ref -> ref.tell(new TrainerActor.Approved(version, registry)));
            });
        } catch (RegistryException e) {
            LOG.error("whether a version is approved is looked at again: {}", e.getMessage());
            timers.startSingleTimer(APPROVED, new RegistryActor.Again(NONE), TRY_AGAIN);
        }
    }

    /** The lineage has it; an operator who chose another version meanwhile has the last word. */
    void recorded(long version) {
        Optional<Unrecorded> waits = unrecorded.filter(waiting -> waiting.version() == version);
        if (waits.isPresent()) {
            unrecorded = Optional.empty();
            promote(version, waits.get().appendedMs());
        }
    }

    /** What could not be made to serve is tried again, or where there is no such version what could not be recorded. */
    void again(long version) {
        if (version == NONE && unrecorded.isEmpty()) {
            recordApproved();
        } else if (version != NONE && unserved == version) {
            promote(version, new long[0]);
        }
    }

    /** The line has it for its champion by now, and no candidate of a line passes whose champion does not serve. */
    private void promote(long version, long[] appendedMs) {
        timers.cancel(RegistryActor.Again.class);
        try {
            long served = store.served().orElse(NONE);
            if (served != version && store.pinned().contains(served)) {
                // An operator pinned it while the gate's word was on its way: the line goes back to what serves.
                LOG.warn("version {} does not serve: version {} was pinned meanwhile", version, served);
                approvals.withdraw();
                goBack(served);
                return;
            }
            byte[] onnx = store.onnx(version);
            if (unserved != version || served != version) {
                String verdict = store.manifest(version).verdict();
                store.serve(
                        version, AuditRecord.GATE, Action.PROMOTE, approvals.words(version, verdict), clock.millis());
            }
            unserved = NONE;
            serving.tell(new ServingActor.Serve(version, onnx, appendedMs));
        } catch (RegistryException e) {
            LOG.error("version {} is recorded but does not serve yet: {}", version, e.getMessage());
            unserved = version;
            timers.startSingleTimer(RegistryActor.Again.class, new RegistryActor.Again(version), TRY_AGAIN);
            return;
        }
        served(false);
    }

    /** An operator's choice serves at once. */
    void choose(RegistryActor.Choose message, long version) {
        byte[] onnx = store.onnx(version);
        store.choose(version, message.who(), message.action(), message.why(), clock.millis());
        unrecorded = Optional.empty();
        serving.tell(new ServingActor.Serve(version, onnx, new long[0]));
        goBack(version);
        served(true);
    }

    private void goBack(long version) {
        timers.cancel(RegistryActor.Again.class);
        timers.cancel(RegistryActor.Recovered.class);
        unserved = NONE;
        trainer.ifPresent(ref -> ref.tell(new TrainerActor.RolledBack(version)));
        erasing.wentBack();
    }

    /** Serving has its version by then: what goes wrong here harms nobody. */
    private void served(boolean byOperator) {
        approvals.tell();
        List<Long> gone = forgetOld();
        announcing.ifPresent(ref -> ref.tell(new AnnouncingActor.Changed(gone, byOperator)));
    }

    private List<Long> forgetOld() {
        try {
            return store.forgetOld(clock.millis());
        } catch (RegistryException e) {
            LOG.warn("{}", e.getMessage());
            return List.of();
        }
    }
}
