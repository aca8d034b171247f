package io.headwater.actors;

import io.headwater.codec.DeadLetter;
import io.headwater.event.StreamPosition;
import io.headwater.feature.RowSource;
import io.headwater.kafka.LineageReader;
import io.headwater.kafka.LineageTopic;
import io.headwater.kafka.RecordedInputs;
import io.headwater.line.Candidate;
import io.headwater.line.LearningLine;
import io.headwater.line.LineInput;
import io.headwater.line.Recovery;
import io.headwater.line.StepOutcome;
import io.headwater.line.VersionSource;
import io.headwater.offline.VersionOne;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A learning line with its effects in their order: a step is recorded in the lineage topic before anything that
 * contains it is shown, and a checkpoint never holds a step that the lineage topic does not. One thread owns it.
 */
final class TrainingRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    private final ModelParts parts;
    private final LearningLine line;
    private final LineageTopic lineage;
    private final CheckpointStore checkpoints;
    private final VersionStore versions;
    /** The champion at each checkpoint that is kept, oldest first. */
    private final Deque<Long> champions = new ArrayDeque<>();

    private long checkpointed;
    private OptionalLong unserved = OptionalLong.empty();

    private TrainingRun(
            ModelParts parts,
            LearningLine line,
            LineageTopic lineage,
            CheckpointStore checkpoints,
            VersionStore versions) {
        this.parts = parts;
        this.line = line;
        this.lineage = lineage;
        this.checkpoints = checkpoints;
        this.versions = versions;
    }

    /**
     * Restores the line from its newest whole checkpoint, takes it through the steps that the lineage recorded after
     * that, and catches up with the registry.
     */
    static TrainingRun open(ModelParts parts, OpenedModel opened) {
        VersionStore store = opened.store();
        LearningLine line = line(parts, opened.one(), opened.rows(), store);
        TrainingRun run;
        try {
            // Fences a trainer that may still be writing, so that what is read below is the end.
            run = new TrainingRun(parts, line, parts.lineageTopic(), parts.checkpoints(), store);
        } catch (RuntimeException e) {
            line.close();
            throw e;
        }
        try {
            run.restore();
            run.replay();
            run.catchUpWith(store);
            parts.telemetry().recovered(line);
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /**
     * Takes a fresh line through the whole recorded lineage, writes nothing, and says whether it has the recorded
     * weights after every step.
     */
    static Recovery.Replayed rebuild(ModelParts parts) {
        try (VersionStore store = VersionStore.open(parts.dataDir(), parts.name(), Integer.MAX_VALUE);
                Rebuilt rebuilt = Rebuilt.of(parts, store);
                LineageReader recorded = parts.lineageReader();
                RecordedInputs inputs = parts.recordedInputs()) {
            return Recovery.replay(rebuilt.line(), recorded, inputs);
        }
    }

    /** A fresh line on what the store holds. */
    private record Rebuilt(RowSource rows, LearningLine line) implements AutoCloseable {
        static Rebuilt of(ModelParts parts, VersionStore store) {
            VersionOne one = VersionOne.kept(store);
            RowSource rows = parts.rows(one);
            return new Rebuilt(rows, TrainingRun.line(parts, one, rows, store));
        }

        @Override
        public void close() {
            line.close();
            rows.close();
        }
    }

    private static LearningLine line(ModelParts parts, VersionOne one, RowSource rows, VersionStore store) {
        return new LearningLine(
                parts.learner(one), ModelParts.lineRows(rows), versions(store), parts.lineSettings(rows.layout()));
    }

    private static VersionSource versions(VersionStore store) {
        return new VersionSource() {
            @Override
            public byte[] onnx(long version) {
                return store.onnx(version);
            }

            @Override
            public byte[] learner(long version) {
                return store.learner(version);
            }
        };
    }

    private void restore() {
        try {
            Optional<CheckpointStore.Restored> newest = checkpoints.newest();
            newest.ifPresent(restored -> {
                restored.broken().forEach(sentence -> LOG.warn("{}; falling back to the one before", sentence));
                line.restore(restored.payload());
                checkpointed = restored.sequence();
            });
        } catch (IOException e) {
            throw new StageFailedException("checkpoints cannot be read: " + e, e);
        }
    }

    private void replay() {
        try (RecordedInputs inputs = parts.recordedInputs();
                LineageReader recorded = lineage.readFrom(line.state().sequence() + 1)) {
            Recovery.Replayed replayed = Recovery.replay(line, recorded, inputs);
            if (replayed.steps() > 0) {
                LOG.info(
                        "{} took {} recorded steps again, up to step {}",
                        parts.name(),
                        replayed.steps(),
                        line.state().sequence());
            }
            if (replayed.firstDifference() > 0) {
                LOG.warn(
                        "{}: from step {} on the weights differ in their last bits from the recorded ones;"
                                + " was it on other hardware or libraries?",
                        parts.name(),
                        replayed.firstDifference());
            }
        }
    }

    /**
     * A crash may fall between two words about a champion. The gate's promotions are recorded in the lineage before the
     * registry serves them; an operator's choice is served at once and recorded then.
     */
    private void catchUpWith(VersionStore store) {
        long champion = line.state().champion();
        long served = store.served().orElse(champion);
        if (served == champion) {
            return;
        }
        boolean servedBefore =
                store.audit().stream().mapToLong(AuditRecord::version).anyMatch(version -> version == champion);
        if (servedBefore) {
            take(new LineInput.RolledBack(served), List.of());
            flush();
        } else {
            unserved = OptionalLong.of(champion);
        }
    }

    /** The line's champion, if the registry does not serve it yet. */
    OptionalLong unserved() {
        return unserved;
    }

    StreamPosition position() {
        return line.state().position();
    }

    /** Takes one step and records it, together with the dead letters of its input; {@link #flush} makes both visible. */
    void take(LineInput input, List<DeadLetter> refused) {
        long before = System.nanoTime();
        StepOutcome outcome = line.step(input, parts.clock().millis());
        lineage.append(outcome.record(), refused);
        parts.telemetry().stepped(outcome, refused.size(), System.nanoTime() - before, line);
    }

    /** Makes all steps so far visible in the lineage topic. */
    void flush() {
        lineage.flush();
    }

    /** The learner as it stands; every step in it is in the lineage topic by then. */
    Candidate candidate() {
        lineage.flush();
        return line.candidate();
    }

    /** Writes a checkpoint, if anything happened since the last. */
    void checkpoint() {
        long sequence = line.state().sequence();
        if (sequence == checkpointed) {
            return;
        }
        long before = System.nanoTime();
        lineage.flush();
        byte[] bytes = line.checkpoint();
        try {
            checkpoints.write(sequence, bytes);
        } catch (IOException e) {
            throw new StageFailedException("the checkpoint of step " + sequence + " cannot be written: " + e, e);
        }
        checkpointed = sequence;
        needVersions();
        parts.telemetry().checkpointed(bytes.length, System.nanoTime() - before);
    }

    /** A recovery from the oldest checkpoint takes the promotions after it again: their versions have to be there. */
    private void needVersions() {
        champions.add(line.state().champion());
        if (champions.size() > parts.config().checkpoint().keep()) {
            champions.remove();
            versions.needFrom(
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
