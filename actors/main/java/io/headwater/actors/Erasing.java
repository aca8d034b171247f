package io.headwater.actors;

import akka.actor.typed.ActorRef;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Cause;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.learn.Learner;
import io.headwater.line.LineInput;
import io.headwater.line.TrainingRun;
import io.headwater.registry.Erasures;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the rows of owners are erased: from the line and its checkpoints by the trainer, in a recorded step, then from the
 * learners that the versions have of their own. A part of {@link RegistryActor}, on its thread.
 *
 * <pre>
 *   idle --asked--> line --the trainer has done it--> versions, one a message --all rewritten--> idle
 *                    ^                                    |
 *                    +-- an operator went back to a version whose learner still had the rows
 * </pre>
 *
 * <p>The request is on disk all the while. Where a part fails it stays there, and {@link #resume} begins again at the line.
 */
final class Erasing {
    private static final Logger LOG = LoggerFactory.getLogger(Erasing.class);
    private static final List<String> REMAINS = List.of(
            "what the model learned from the rows stays in its weights, thresholds of ferns and quantiles of the drift"
                    + " watch among them",
            "rows that came while erasure.owner was another are kept by what it was then: name those owners too",
            "records of Kafka's topics stay until they are deleted there",
            "exported files, logs and copies of the folder are not looked at");

    /** What has rows beside the line. */
    interface Keepers {
        /**
         * Opens a learner that reads what versions have of theirs; used and closed on the registry's thread.
         *
         * @param settingsSha256 that they were made with; empty where that was not kept
         * @throws RegistryException if those settings are lost
         */
        Learner learner(String settingsSha256);

        /** What is kept of the source model for learning, without rows of the owners; empty if none is theirs. */
        Optional<byte[]> sourceRowsWithout(List<Long> keys);
    }

    /** When the rest is to be done. */
    enum Rest {
        NONE,
        AT_ONCE,
        LATER
    }

    private enum Stage {
        IDLE,
        LINE,
        VERSIONS
    }

    private final VersionStore store;
    private final Keepers keepers;
    private final Clock clock;
    private final ActorRef<RegistryActor.Command> registry;
    private Optional<ActorRef<Answer<Erasure>>> operator = Optional.empty();
    private Optional<TrainingRun.Erased> line = Optional.empty();
    private Stage stage = Stage.IDLE;
    private boolean wentBack;
    /** What is to be erased could not be read: it is looked at again. */
    private boolean unread;

    private Optional<VersionsLeft> left = Optional.empty();
    /** Versions that had rows, and whether the source model had, since the last erasure was done. */
    private final TreeSet<Long> rewritten = new TreeSet<>();

    private boolean source;
    /** No candidate of an earlier step may become a version: it has the rows. */
    private long erasedIn;

    Erasing(VersionStore store, Keepers keepers, Clock clock, ActorRef<RegistryActor.Command> registry) {
        this.store = store;
        this.keepers = keepers;
        this.clock = clock;
        this.registry = registry;
    }

    /** Whether a candidate that was taken after {@code sequence} still has rows that were erased since. */
    boolean precedes(long sequence) {
        return sequence < erasedIn;
    }

    /** An operator asks. */
    Rest ask(RegistryActor.Erase message, Optional<ActorRef<TrainerActor.Command>> trainer) {
        if (operator.isPresent()) {
            refuse(message.replyTo(), "rows of another owner are being erased right now; ask again in a moment");
        } else if (trainer.isEmpty()) {
            refuse(message.replyTo(), "training does not run now, and erasing is a step of it; ask again when it does");
        } else {
            try {
                store.erasures()
                        .ask(
                                Erasures.Request.of(clock.millis(), message.who(), message.why(), message.keys()),
                                LineInput.Erased.MOST_KEYS);
                operator = Optional.of(message.replyTo());
                return resume(trainer.get());
            } catch (RegistryException e) {
                refuse(message.replyTo(), String.valueOf(e.getMessage()));
            }
        }
        return Rest.NONE;
    }

    /** Begins, or begins again, with what was asked for and is not done. */
    Rest resume(ActorRef<TrainerActor.Command> trainer) {
        letGo();
        wentBack = false;
        line = Optional.empty();
        stage = Stage.IDLE;
        try {
            List<Long> keys = store.erasures().keys();
            unread = false;
            if (!keys.isEmpty()) {
                stage = Stage.LINE;
                trainer.tell(new TrainerActor.Erase(keys, registry));
            }
            return Rest.NONE;
        } catch (RegistryException e) {
            return readAgain(e);
        }
    }

    private Rest readAgain(RegistryException e) {
        LOG.warn("{}", e.getMessage());
        unread = true;
        stage = Stage.IDLE;
        return Rest.LATER;
    }

    /** The line was sent back to a version: its learner may bring the rows back. */
    void wentBack() {
        wentBack = true;
    }

    /** The line and its checkpoints have the rows no more; now the versions. */
    Rest lineErased(List<Long> keys, TrainingRun.Erased done) {
        erasedIn = Math.max(erasedIn, done.sequence());
        try {
            if (!keys.equals(store.erasures().keys()) || keys.isEmpty()) {
                // Of before more was asked for, which the trainer has in its mailbox.
                return Rest.NONE;
            }
        } catch (RegistryException e) {
            return readAgain(e);
        }
        letGo();
        line = Optional.of(done);
        stage = Stage.VERSIONS;
        return Rest.AT_ONCE;
    }

    /** There is no trainer for a while: what it was asked for is done when there is one. */
    void stopped(String why) {
        if (stage == Stage.LINE) {
            stage = Stage.IDLE;
            later(why);
        } else if (stage == Stage.VERSIONS) {
            // The next line may open with what is not rewritten yet, and has to erase too.
            wentBack = true;
        }
    }

    /** Takes the rows from one version more: an operator's choice is not to wait until all have been looked at. */
    Rest next(Optional<ActorRef<TrainerActor.Command>> trainer) {
        if (unread) {
            return trainer.map(this::resume).orElse(Rest.NONE);
        }
        if (stage != Stage.VERSIONS || line.isEmpty()) {
            return Rest.NONE;
        }
        if (wentBack) {
            letGo();
            // First the line once more: a recovery takes the roll back again, and needs the learner as the line
            // found it until there is a checkpoint behind it. Without a trainer the next one begins again.
            return trainer.map(this::resume).orElse(Rest.NONE);
        }
        try {
            return next(line.get());
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e instanceof RegistryException ? null : e)
                    .log("rows are erased from the line but not from all versions yet: {}", e.getMessage());
            left.ifPresent(VersionsLeft::close);
            later(String.valueOf(e.getMessage()));
            return Rest.LATER;
        }
    }

    private Rest next(TrainingRun.Erased done) {
        if (left.isEmpty()) {
            List<Long> keys = store.erasures().keys();
            // First: a line that opens from now on begins without those rows.
            source |= rewriteSource(keys, done.sequence());
            left = Optional.of(new VersionsLeft(store, keepers, keys, done.sequence()));
            return Rest.AT_ONCE;
        }
        VersionsLeft versions = left.get();
        if (!versions.isEmpty()) {
            versions.eraseNext().ifPresent(rewritten::add);
            return Rest.AT_ONCE;
        }
        end(done, versions.unreadable());
        return Rest.NONE;
    }

    private void end(TrainingRun.Erased done, List<String> unreadable) {
        store.erasures()
                .done(
                        "step " + done.sequence() + " erased "
                                + (done.found().rows() + done.found().waiting()) + " rows and "
                                + done.checkpoints() + " checkpoints, and rewrote versions " + rewritten,
                        store.served().orElse(0),
                        clock.millis());
        stage = Stage.IDLE;
        List<String> remains = new ArrayList<>(unreadable);
        remains.addAll(REMAINS);
        operator.ifPresent(ref -> ref.tell(new Done<>(new Erasure(
                done.sequence(),
                done.found().rows(),
                done.found().waiting(),
                done.checkpoints(),
                List.copyOf(rewritten),
                source,
                remains))));
        operator = Optional.empty();
        rewritten.clear();
        source = false;
        letGo();
    }

    /** Lets go of the learner that reads those of versions. */
    void letGo() {
        left.ifPresent(VersionsLeft::close);
        left = Optional.empty();
    }

    /** True if the source model had rows of the owners and has them no more. */
    private boolean rewriteSource(List<Long> keys, long step) {
        Optional<byte[]> others = keepers.sourceRowsWithout(keys);
        others.ifPresent(rows -> store.erasures().replaceSourceRows(rows, step));
        return others.isPresent();
    }

    private void later(String why) {
        operator.ifPresent(ref -> refuse(
                ref,
                why + "; the request is kept, and the rest is done as soon as training runs and the disk takes it"));
        operator = Optional.empty();
    }

    private static void refuse(ActorRef<Answer<Erasure>> operator, String reason) {
        operator.tell(new Refused<>(Cause.CONFLICT, reason));
    }
}
