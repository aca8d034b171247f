package io.headwater.line;

import io.headwater.codec.DeadLetter;
import io.headwater.drift.DriftAlarm;
import io.headwater.event.StreamPosition;
import io.headwater.line.Recovery.RecordedInputSource;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A learning line with its effects in their order: a step is recorded in the lineage before anything that contains it is
 * shown, and a checkpoint never holds a step that the lineage does not. One thread owns it.
 */
public final class TrainingRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    /**
     * What a run reads and writes.
     *
     * @param model its name, for the log
     * @param lineage opens the lineage for writing, which shuts out a trainer that may still be at it
     * @param inputs forms recorded inputs again; opened for a recovery and closed after it
     * @param versions the registry of the model, open for writing in this process
     * @param settings SHA-256 (hex) of the settings of now, by which the line's {@link SettingsSource} knows them
     * @param clock tells the time of a step
     * @param watcher is told what was done
     */
    public record Surroundings(
            String model,
            Supplier<? extends LineageLog> lineage,
            Supplier<? extends RecordedInputSource> inputs,
            CheckpointStore checkpoints,
            VersionStore versions,
            String settings,
            InstantSource clock,
            Watcher watcher) {}

    /** Told what a run does, on its thread; decides nothing. */
    public interface Watcher {
        /** The line stands where it stood before the last process ended. */
        default void recovered(LearningLine line) {}

        /** A step was taken and recorded with {@code refused} dead letters of its input. */
        default void stepped(StepOutcome outcome, int refused, long tookNs, LearningLine line) {}

        /** A checkpoint was written. */
        default void checkpointed(long bytes, long tookNs) {}
    }

    private final LearningLine line;
    private final Surroundings around;
    private final LineageLog lineage;
    /** The champion at each checkpoint that is kept, oldest first. */
    private final Deque<Long> champions = new ArrayDeque<>();

    private long checkpointed;

    private TrainingRun(LearningLine line, Surroundings around, LineageLog lineage) {
        this.line = line;
        this.around = around;
        this.lineage = lineage;
    }

    /**
     * Restores the line from its newest checkpoint that can be read, takes it through the steps that the lineage recorded after
     * that, goes over to the settings of now where its last step was taken with others, and writes a checkpoint if there
     * was any such step.
     *
     * @param line at its start; the run owns it from here on, and closes it also where it throws
     * @throws UncheckedIOException if the disk does not give checkpoints or take them
     * @throws UnreadableStateException if there are checkpoints and none is whole and of a format that is known
     */
    public static TrainingRun open(LearningLine line, Surroundings around) {
        TrainingRun run;
        try {
            // Fences a trainer that may still be writing, so that what is read below is the end.
            run = new TrainingRun(line, around, around.lineage().get());
        } catch (RuntimeException e) {
            line.close();
            throw e;
        }
        try {
            run.restore();
            run.tellAlarms(run.replay());
            run.reconfigure();
            // Where a checkpoint cannot be written, a line that went on regardless would take ever longer to recover.
            run.checkpoint();
            around.watcher().recovered(line);
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private void restore() {
        try {
            checkpointed = Restoring.restore(line, around.checkpoints());
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints cannot be read: " + e, e);
        }
    }

    /** The alarms that the lineage does not have yet. */
    private List<DriftAlarm> replay() {
        try (RecordedInputSource inputs = around.inputs().get();
                LineageLog.Steps recorded = lineage.readFrom(line.state().sequence() + 1)) {
            Recovery.Replayed replayed = Recovery.replay(line, recorded, inputs);
            if (replayed.steps() > 0) {
                LOG.info(
                        "{} took {} recorded steps again, up to step {}",
                        around.model(),
                        replayed.steps(),
                        line.state().sequence());
            }
            if (replayed.firstDifference() > 0) {
                LOG.warn(
                        "{}: from step {} on the weights differ in their last bits from the recorded ones;"
                                + " was it on other hardware or libraries?",
                        around.model(),
                        replayed.firstDifference());
            }
            return replayed.untold();
        }
    }

    /** A step of its own, so that whoever takes the steps again changes over where this line did. */
    private void reconfigure() {
        String before = line.state().settings();
        if (around.settings().equals(before)) {
            return;
        }
        take(new LineInput.Reconfigured(around.settings()), List.of());
        LOG.info(
                "{} goes on with other settings from step {} on: {}",
                around.model(),
                line.state().sequence(),
                line.changesSince(before));
    }

    /** The version that the line has as its champion. */
    public long champion() {
        return line.state().champion();
    }

    public StreamPosition position() {
        return line.state().position();
    }

    /**
     * Takes one step and records it, together with the dead letters of its input; {@link #flush} makes both visible.
     * Alarms that the step raises are taken in after it, as steps of their own.
     */
    public void take(LineInput input, List<DeadLetter> refused) {
        tellAlarms(step(input, refused).alarms());
    }

    private StepOutcome step(LineInput input, List<DeadLetter> refused) {
        long before = System.nanoTime();
        StepOutcome outcome = line.step(input, around.clock().millis());
        lineage.append(outcome.record(), refused);
        around.watcher().stepped(outcome, refused.size(), System.nanoTime() - before, line);
        if (!outcome.note().isEmpty()) {
            LOG.warn("{}: {}", around.model(), outcome.note());
        }
        return outcome;
    }

    private void tellAlarms(List<DriftAlarm> alarms) {
        for (DriftAlarm alarm : alarms) {
            LOG.warn("{}: {}", around.model(), alarm.describe());
            take(new LineInput.Alarm(alarm), List.of());
        }
    }

    /** Makes all steps so far visible in the lineage. */
    public void flush() {
        lineage.flush();
    }

    /** The learner as it stands; every step in it is visible in the lineage by then. */
    public Candidate candidate() {
        lineage.flush();
        return line.candidate();
    }

    /**
     * Writes a checkpoint, if anything happened since the last.
     *
     * @throws UncheckedIOException if it cannot be written; the ones before it stay
     */
    public void checkpoint() {
        long sequence = line.state().sequence();
        if (sequence == checkpointed) {
            return;
        }
        long before = System.nanoTime();
        lineage.flush();
        byte[] bytes = line.checkpoint();
        try {
            around.checkpoints().write(sequence, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of step " + sequence + " cannot be written: " + e, e);
        }
        checkpointed = sequence;
        needVersions();
        around.watcher().checkpointed(bytes.length, System.nanoTime() - before);
    }

    /**
     * What an erasure did.
     *
     * @param sequence its step
     * @param found what the line had kept
     * @param checkpoints that were removed, since they held it
     */
    public record Erased(long sequence, StepOutcome.Erasure found, int checkpoints) {}

    /**
     * Takes the rows of owners out of the line and of what is on disk to recover it: there is one checkpoint afterwards,
     * which has them no more.
     *
     * @param keys see {@link LineInput.Erased}
     * @throws UncheckedIOException if a checkpoint cannot be written or removed; the step is taken then, and to erase the
     *     same again does the rest
     */
    public Erased erase(List<Long> keys) {
        StepOutcome outcome = step(new LineInput.Erased(keys), List.of());
        checkpoint();
        long sequence = outcome.record().sequence();
        try {
            int gone = around.checkpoints().keepOnly(sequence);
            champions.clear();
            champions.add(line.state().champion());
            LOG.info(
                    "{}: step {} erased {} rows, {} events that waited for their label, and {} checkpoints",
                    around.model(),
                    sequence,
                    outcome.erased().rows(),
                    outcome.erased().waiting(),
                    gone);
            return new Erased(sequence, outcome.erased(), gone);
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint that holds erased rows cannot be removed: " + e, e);
        }
    }

    /** A recovery from the oldest checkpoint takes the promotions after it again: their versions have to be there. */
    private void needVersions() {
        champions.add(line.state().champion());
        if (champions.size() > around.checkpoints().keep()) {
            champions.remove();
            around.versions()
                    .needFrom(
                            champions.stream().mapToLong(Long::longValue).min().orElse(1));
        }
    }

    @Override
    public void close() {
        try {
            lineage.close();
        } finally {
            line.close();
        }
    }
}
