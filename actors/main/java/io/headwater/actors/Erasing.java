package io.headwater.actors;

import akka.actor.typed.ActorRef;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Cause;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.config.ConfigException;
import io.headwater.event.OwnerKeys;
import io.headwater.learn.Learner;
import io.headwater.line.LineInput;
import io.headwater.line.TrainingRun;
import io.headwater.registry.Erasures;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the rows of owners are erased: from the line and its checkpoints by the trainer, in a recorded step, then from the
 * learners that the versions have of their own. A part of {@link RegistryActor}, on its thread.
 *
 * <pre>
 *   idle --asked--> line --the trainer has done it--> versions --all rewritten--> idle
 *                    ^                                   |
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
         * Opens a learner that reads what versions have of theirs; closed after use, on the registry's thread.
         *
         * @param settingsSha256 that they were made with; empty where that was not kept
         * @throws RegistryException if those settings are lost
         */
        Learner learner(String settingsSha256);

        /** What is kept of the source model for learning, without rows of the owners; empty if none is theirs. */
        Optional<byte[]> sourceRowsWithout(List<Long> keys);
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
    void ask(RegistryActor.Erase message, Optional<ActorRef<TrainerActor.Command>> trainer) {
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
                resume(trainer.get());
            } catch (RegistryException e) {
                refuse(message.replyTo(), String.valueOf(e.getMessage()));
            }
        }
    }

    /** Begins, or begins again, with what was asked for and is not done. */
    void resume(ActorRef<TrainerActor.Command> trainer) {
        List<Long> keys = store.erasures().keys();
        wentBack = false;
        line = Optional.empty();
        stage = keys.isEmpty() ? Stage.IDLE : Stage.LINE;
        if (!keys.isEmpty()) {
            trainer.tell(new TrainerActor.Erase(keys, registry));
        }
    }

    /** The line was sent back to a version: its learner may bring the rows back. */
    void wentBack() {
        wentBack = true;
    }

    /** The line and its checkpoints have the rows no more; now the versions. */
    void lineErased(List<Long> keys, TrainingRun.Erased done) {
        erasedIn = Math.max(erasedIn, done.sequence());
        if (!keys.equals(store.erasures().keys())) {
            // Of before more was asked for, which the trainer has in its mailbox.
            return;
        }
        line = Optional.of(done);
        stage = Stage.VERSIONS;
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

    /** Takes the rows from the versions; true if they are still to be rewritten, and that is to be tried again in a while. */
    boolean finish(Optional<ActorRef<TrainerActor.Command>> trainer) {
        if (stage != Stage.VERSIONS || line.isEmpty() || store.erasures().keys().isEmpty()) {
            return false;
        }
        if (wentBack) {
            // First the line once more: a recovery takes the roll back again, and needs the learner as the line
            // found it until there is a checkpoint behind it. Without a trainer the next one begins again.
            trainer.ifPresent(this::resume);
            return false;
        }
        TrainingRun.Erased done = line.get();
        List<String> remains = new ArrayList<>();
        List<Long> rewritten;
        boolean source;
        try {
            // First: a line that opens from now on begins without those rows.
            source = rewriteSource(done.sequence());
            rewritten = rewrite(done.sequence(), remains);
            store.erasures()
                    .done(
                            "step " + done.sequence() + " erased "
                                    + (done.found().rows() + done.found().waiting()) + " rows and "
                                    + done.checkpoints() + " checkpoints, and rewrote versions " + rewritten,
                            store.served().orElse(0),
                            clock.millis());
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e instanceof RegistryException ? null : e)
                    .log("rows are erased from the line but not from all versions yet: {}", e.getMessage());
            later(String.valueOf(e.getMessage()));
            return true;
        }
        stage = Stage.IDLE;
        remains.addAll(REMAINS);
        operator.ifPresent(ref -> ref.tell(new Done<>(new Erasure(
                done.sequence(),
                done.found().rows(),
                done.found().waiting(),
                done.checkpoints(),
                rewritten,
                source,
                remains))));
        operator = Optional.empty();
        return false;
    }

    /** The versions whose learners had rows of the owners. */
    private List<Long> rewrite(long step, List<String> remains) {
        OwnerKeys owners = OwnerKeys.of(store.erasures().keys());
        List<Long> rewritten = new ArrayList<>();
        try (BySettings learners = new BySettings()) {
            for (long version : store.numbers()) {
                Manifest manifest = store.manifest(version);
                if (manifest.sequence() >= step || store.isMirrored(version)) {
                    continue;
                }
                Optional<Learner> learner = restored(learners, manifest, remains);
                if (learner.isPresent() && learner.get().erase(owners) > 0) {
                    store.erasures().replaceLearner(version, learner.get().checkpoint(), step);
                    rewritten.add(version);
                }
            }
        }
        return rewritten;
    }

    private Optional<Learner> restored(BySettings learners, Manifest manifest, List<String> remains) {
        byte[] bytes = store.learner(manifest.version());
        try {
            Learner learner = learners.of(manifest.provenance().getOrDefault(Manifest.SETTINGS, ""));
            learner.restore(bytes);
            return Optional.of(learner);
        } catch (IllegalArgumentException | RegistryException | ConfigException e) {
            remains.add(
                    "the learner of version " + manifest.version() + " cannot be read any more, so nobody knows whose"
                            + " rows it has; to be rid of them delete its learner.bin: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * A learner by the settings that a version was made with. By others it would leave out what it has no place for, and
     * that would be neither erased nor kept.
     */
    private final class BySettings implements AutoCloseable {
        private Optional<Learner> open = Optional.empty();
        private String settings = "";

        /** Good until the next call; versions that follow each other mostly have the same settings. */
        Learner of(String sha256) {
            if (open.isEmpty() || !settings.equals(sha256)) {
                close();
                open = Optional.of(keepers.learner(sha256));
                settings = sha256;
            }
            return open.get();
        }

        @Override
        public void close() {
            open.ifPresent(Learner::close);
            open = Optional.empty();
        }
    }

    /** True if the source model had rows of the owners and has them no more. */
    private boolean rewriteSource(long step) {
        Optional<byte[]> others = keepers.sourceRowsWithout(store.erasures().keys());
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
