package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.OwnerKeys;
import io.headwater.event.StreamPosition;
import io.headwater.event.TrafficBatch;
import io.headwater.fault.KillPoint;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.gate.Contest;
import io.headwater.gate.Contest.Standing;
import io.headwater.learn.AdaptationStanding;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.OnnxModel;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.StepOutcome.Erasure;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * One model's learning from its first example on: a learner, the contest that it is judged by, and how far the streams
 * have been taken in. All of it changes through {@link #step} alone, and a checkpoint holds all of it.
 *
 * <p>A step has no clock, no randomness and no I/O of its own: from the same state the same inputs give the same bits.
 * One thread owns a line.
 */
public final class LearningLine implements AutoCloseable {
    private final Featurizer featurizer;
    private final VersionSource versions;
    private final SettingsSource settings;
    private final FeatureBatch batch;
    private final Examination examination;
    private final float[] labels;

    private Learner learner;
    private LineSettings bounds;
    private Memos memos;
    private LineState state;
    private Probe probe;
    private DriftWatch drift;

    /** A line at its start whose settings never change. */
    public LearningLine(Learner learner, Featurizer featurizer, VersionSource versions, LineSettings bounds) {
        this(SettingsSource.fixed(learner, bounds), "", featurizer, versions);
    }

    /**
     * A line at its start: the learner is as the source model made it, and version 1 serves.
     *
     * @param settingsSha256 the settings that its first step is taken with
     * @param featurizer its batch is what is encoded and scored at once; closed with the line
     * @param versions must know version 1, the frozen model
     */
    public LearningLine(SettingsSource settings, String settingsSha256, Featurizer featurizer, VersionSource versions) {
        this.settings = settings;
        this.featurizer = featurizer;
        this.versions = versions;
        SettingsSource.Made made = settings.make(settingsSha256);
        this.learner = made.learner();
        this.bounds = made.bounds();
        this.batch = featurizer.batch();
        this.labels = new float[batch.capacity()];
        this.memos = new Memos(batch.capacity(), learner.memoLength());
        this.state = LineState.START.under(settingsSha256);
        this.examination = new Examination(
                batch,
                versions.onnx(LineState.FROZEN_VERSION),
                new Contest(bounds.gate().window()),
                new PendingLogits(bounds.maxPending(), learner.memoLength()));
        this.probe = new Probe(batch.layout(), bounds.probeRows());
        this.drift = new DriftWatch(batch.layout(), bounds);
    }

    public LineState state() {
        return state;
    }

    /** Events whose logits wait for their label. */
    public int pendingLogits() {
        return examination.waiting().size();
    }

    /** How champion, challenger and frozen model stand over the gate's window. */
    public Standing standing() {
        return examination.standing();
    }

    public String device() {
        return learner.device();
    }

    /** How adaptation stands, where an unadapted line learns beside the adapted one. */
    public Optional<AdaptationStanding> adaptation() {
        return learner.adaptation();
    }

    /**
     * Takes one input in.
     *
     * @param nowMs told in the lineage record, milliseconds since the epoch; decides nothing
     * @throws IllegalArgumentException if the input's offsets were taken in before; nothing is changed then
     * @throws UnreadableStateException if the version gone back to has a learner of another format
     */
    public StepOutcome step(LineInput input, long nowMs) {
        if (input instanceof LineInput.Labeled labeled) {
            return labeled(labeled.batch(), nowMs);
        } else if (input instanceof LineInput.Traffic traffic) {
            return traffic(traffic.batch(), nowMs);
        } else if (input instanceof LineInput.Promoted promoted) {
            become(promoted.version(), new OnnxModel(versions.onnx(promoted.version()), batch));
            return plain(Kind.PROMOTED, promoted.version(), nowMs);
        } else if (input instanceof LineInput.Alarm alarm) {
            return alarm(alarm.alarm(), nowMs);
        } else if (input instanceof LineInput.RolledBack rolledBack) {
            goBack(rolledBack.version());
            examination.beginAnew();
            examination.restore(examination.contest(), new PendingLogits(bounds.maxPending(), learner.memoLength()));
            drift.learnerChanged();
            return plain(Kind.ROLLED_BACK, rolledBack.version(), nowMs);
        } else if (input instanceof LineInput.Erased erased) {
            return erased(erased.keys(), nowMs);
        } else if (input instanceof LineInput.Reconfigured reconfigured) {
            restore(checkpoint(), reconfigured.settingsSha256());
            return plain(Kind.RECONFIGURED, 0, nowMs);
        }
        throw new IllegalStateException("unknown input " + input);
    }

    private StepOutcome labeled(MiniBatch input, long nowMs) {
        StreamPosition position = state.position().advance(input.ranges());
        List<LabeledExample> examples = input.examples();
        int atArrival = 0;
        LearnReport report = LearnReport.NOTHING;
        StringJoiner notes = new StringJoiner(" ").setEmptyValue("");
        for (int from = 0; from < examples.size(); from += batch.capacity()) {
            List<LabeledExample> part = examples.subList(from, Math.min(examples.size(), from + batch.capacity()));
            atArrival += examine(part);
            for (int i = 0; i < part.size(); i++) {
                labels[i] = part.get(i).label().value();
            }
            report = learner.learn(batch, labels, memos);
            if (!report.note().isEmpty()) {
                notes.add(report.note());
            }
            if (report.switched()) {
                // What was examined speaks of the other; a champion that is as bad must not keep the better one out.
                examination.beginAnew();
                drift.learnerChanged();
            }
        }
        KillPoint.LEARNED.pass();
        state = state.stepped(position, examples.size(), 0);
        LineageRecord record = record(Kind.LABELED, input.ranges(), input.inputSha256(), examples.size(), nowMs);
        return new StepOutcome(
                record,
                Optional.of(report),
                notes.toString(),
                drift.take(),
                atArrival,
                examples.size() - atArrival,
                Erasure.NOTHING);
    }

    /**
     * Examines examples before they are learned, and finds the learner's memos of them; says how many were examined at
     * their arrival.
     */
    private int examine(List<LabeledExample> examples) {
        featurizer.clear();
        examples.forEach(example -> featurizer.add(example.event()));
        featurizer.run();
        probe.fill(batch);
        return examination.judge(examples, learner, memos, drift);
    }

    private StepOutcome traffic(TrafficBatch input, long nowMs) {
        StreamPosition position = state.position().advance(input.ranges());
        List<Event> events = input.events();
        for (int from = 0; from < events.size(); from += batch.capacity()) {
            List<Event> part = events.subList(from, Math.min(events.size(), from + batch.capacity()));
            featurizer.encode(part);
            probe.fill(batch);
            drift.arrived(batch);
            examination.arrived(part, learner, memos);
        }
        state = state.stepped(position, 0, events.size());
        LineageRecord record = record(Kind.TRAFFIC, input.ranges(), input.inputSha256(), events.size(), nowMs);
        return new StepOutcome(record, Optional.empty(), "", drift.take(), 0, 0, Erasure.NOTHING);
    }

    /** What traffic looks like says nothing of who is right: learners hear of a loss alone. */
    private StepOutcome alarm(DriftAlarm alarm, long nowMs) {
        if (alarm.detector().watchesLoss()) {
            learner.alarm();
        }
        state = state.stepped(state.position(), 0, 0);
        return plain(record(Kind.ALARM, List.of(), "", 0, 0, Optional.of(alarm), List.of(), nowMs), Erasure.NOTHING);
    }

    /** The contest keeps logits and labels in their order, and nobody's name with them: it is as it was. */
    private StepOutcome erased(List<Long> keys, long nowMs) {
        OwnerKeys owners = OwnerKeys.of(keys);
        int rows = learner.erase(owners) + probe.erase(owners) + drift.erase(owners);
        int waiting = examination.waiting().erase(owners);
        state = state.stepped(state.position(), 0, 0);
        LineageRecord record = record(Kind.ERASED, List.of(), "", 0, 0, Optional.empty(), keys, nowMs);
        return plain(record, new Erasure(rows, waiting));
    }

    private void goBack(long version) {
        byte[] kept = versions.learner(version);
        try {
            become(version, learner, kept);
        } catch (IllegalArgumentException e) {
            throw new UnreadableStateException(
                    "the learner that goes with version " + version + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@code version} serves and {@code by} continues from {@code checkpoint}; or throws and changes nothing. */
    private void become(long version, Learner by, byte[] checkpoint) {
        OnnxModel next = new OnnxModel(versions.onnx(version), batch);
        try {
            by.restore(checkpoint);
        } catch (RuntimeException e) {
            next.close();
            throw e;
        }
        become(version, next);
    }

    private void become(long version, OnnxModel next) {
        examination.crown(next);
        state = state.served(version);
    }

    private StepOutcome plain(Kind kind, long version, long nowMs) {
        state = state.stepped(state.position(), 0, 0);
        LineageRecord record = record(kind, List.of(), "", 0, version, Optional.empty(), List.of(), nowMs);
        return plain(record, Erasure.NOTHING);
    }

    private static StepOutcome plain(LineageRecord record, Erasure erased) {
        return new StepOutcome(record, Optional.empty(), "", List.of(), 0, 0, erased);
    }

    private LineageRecord record(Kind kind, List<OffsetRange> ranges, String inputSha256, int examples, long nowMs) {
        return record(kind, ranges, inputSha256, examples, 0, Optional.empty(), List.of(), nowMs);
    }

    private LineageRecord record(
            Kind kind,
            List<OffsetRange> ranges,
            String inputSha256,
            int examples,
            long version,
            Optional<DriftAlarm> alarm,
            List<Long> erased,
            long nowMs) {
        return new LineageRecord(
                state.sequence(),
                kind,
                ranges,
                inputSha256,
                examples,
                version,
                alarm,
                erased,
                kind == Kind.RECONFIGURED ? state.settings() : "",
                learner.weightsSha256(),
                nowMs);
    }

    /** The learner as it stands, as a candidate; changes nothing. */
    public Candidate candidate() {
        byte[] onnx = learner.export();
        return new Candidate(
                state.sequence(),
                state.champion(),
                onnx,
                learner.checkpoint(),
                learner.weightsSha256(),
                state.position(),
                state.examplesLearned(),
                state.trafficExamined(),
                examination.standing(),
                learner.notes(),
                probe.check(learner, onnx, () -> versions.onnx(LineState.FROZEN_VERSION)));
    }

    /** All that decides what later steps do. */
    public byte[] checkpoint() {
        return LineCheckpoint.write(
                state, examination.contest(), examination.waiting(), probe, drift, learner.checkpoint());
    }

    /**
     * What a line knew when this was its {@link #checkpoint}.
     *
     * @throws IllegalArgumentException if the bytes are of another format
     */
    public static LineState stateIn(byte[] checkpoint) {
        return LineCheckpoint.state(checkpoint);
    }

    /**
     * Becomes the line whose {@link #checkpoint} this is, with the settings that it had.
     *
     * @throws IllegalArgumentException if the bytes are of another format or learner; nothing is changed then
     * @throws io.headwater.registry.RegistryException if its settings cannot be had; nothing is changed then
     */
    public void restore(byte[] checkpoint) {
        restore(checkpoint, LineCheckpoint.state(checkpoint).settings());
    }

    /** Becomes what {@code checkpoint} holds, with other settings than it had; or throws and changes nothing. */
    private void restore(byte[] checkpoint, String with) {
        boolean same = with.equals(state.settings());
        SettingsSource.Made next = same ? new SettingsSource.Made(learner, bounds) : settings.make(with);
        LineCheckpoint read;
        try {
            read = LineCheckpoint.read(
                    checkpoint, next.bounds(), batch.layout(), next.learner().memoLength());
            become(read.state().champion(), next.learner(), read.learner());
        } catch (RuntimeException e) {
            if (!same) {
                next.learner().close();
            }
            throw e;
        }
        if (!same) {
            learner.close();
            learner = next.learner();
            bounds = next.bounds();
            memos = new Memos(batch.capacity(), learner.memoLength());
        }
        state = read.state().under(with);
        examination.restore(read.contest(), read.pending());
        probe = read.probe();
        drift = read.drift();
    }

    /** How the settings of its last step differ from those of {@code before}, in words. */
    String changesSince(String before) {
        return settings.changesSince(before, state.settings());
    }

    @Override
    public void close() {
        examination.close();
        learner.close();
        featurizer.close();
    }
}
