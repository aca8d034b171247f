package io.headwater.learn.gradient;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.LiveDomains;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.calibration.CalibratedModel;
import io.headwater.learn.gradient.TrainableHead.AlignedRows;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes the part of a source model right of a cut, by gradient descent, on the labelled rows of a stream; what is
 * left of the cut stays as it is and runs on ONNX Runtime.
 */
public final class GradientLearner implements Learner {
    /*
     * The logit is score(x) + c, on two time scales (docs/adr/0001; on the recorded flights one time scale lost to a
     * frozen model with a running intercept):
     *
     * 1. c takes a step of 0.05 for each label, see Intercept.
     * 2. The head takes a few AdamW steps for each mini-batch, on its rows and on as many replayed ones, each against
     *    the c that it met when its label arrived; plus a term that pulls the hidden activations of today's unlabelled
     *    traffic and of source rows together, one target domain in each step. Without a target that is ready a step is
     *    what it is without a term, bit for bit.
     *
     * Replayed rows are kept as they were encoded and go through the prefix again: the scaling has moved since.
     */
    /** Rows that tell what of the weights matters, at each anchor of retention. */
    private static final int TOLD_ROWS = 128;

    /** Its sample is what a method begins with that is taken up later. */
    private SourceModel source;

    private final GradientSettings settings;
    private final String identity;
    private final OnnxGraph whole;
    private final Prefix prefix;
    private final TrainableHead head;
    private final Intercept intercept;
    private final NumericScaler scaler;
    private final LiveReplay replay;
    private final @Nullable LiveAlignment alignment;
    private final SeededRandom random;
    private final WeightsDigest digest;
    private double stepsEarned;

    /**
     * A learner that begins as the source model.
     *
     * @throws IllegalArgumentException if the source model has no such cut, or it cannot be trained there
     */
    public GradientLearner(SourceModel source, GradientSettings settings, TorchDevice device) {
        this.source = source;
        this.settings = settings;
        Anatomy anatomy = source.anatomy();
        StreamAdaptation adaptation = settings.adaptation();
        if (adaptation.isUsed() && anatomy.hidden().isEmpty()) {
            throw new IllegalArgumentException("the method of adaptation is "
                    + adaptation.method().spelled()
                    + ", but all that it could align is frozen and has no gradient; none is allowed, or a deeper cut");
        }
        SplitGraph split = GraphSplitter.split(source.graph(), anatomy.cut(settings.cut()));
        String sourceSha256 = source.sha256();
        this.digest = new WeightsDigest(sourceSha256);
        this.identity = sourceSha256 + " cut at " + settings.cut();
        this.whole = split.whole();
        this.prefix = new Prefix(split, source.layout(), anatomy, stagedRows(settings));
        this.head = head(split, device);
        this.intercept =
                new Intercept(whole.initializer(anatomy.intercept()).floats()[0], (float) settings.interceptRate());
        this.scaler = new NumericScaler(source.layout().numericWidth(), settings.statisticsHalfLife());
        scaler.restore(source.statistics());
        this.replay = new LiveReplay(source.layout(), settings);
        LiveTerm term = head.term();
        this.alignment = term == null ? null : new LiveAlignment(source.sample(), settings, term);
        this.random = new SeededRandom(settings.seed());
        anchorBySample();
    }

    /** Holds the learner to what it is now; the source's rows say what matters. */
    private void anchorBySample() {
        if (head.retention() != null) {
            FeatureBatch sample = source.sample().rows();
            anchor(sample.rows(), (to, slot) -> to.copyRow(sample, slot));
        }
    }

    /** A row of those that tell what matters, to be appended to a batch. */
    private interface Told {
        void copyTo(FeatureBatch to, int slot);
    }

    /** Holds the learner to what it is now, by at most so many rows, evenly over the {@code size} that there are. */
    private void anchor(int size, Told rows) {
        FeatureBatch staging = prefix.staging();
        staging.clear();
        int count = Math.min(size, Math.min(TOLD_ROWS, staging.capacity()));
        for (int i = 0; i < count; i++) {
            rows.copyTo(staging, (int) ((long) i * size / count));
        }
        prefix.run(scaler.mean(), scaler.scale());
        head.anchor(new Prefix.Rows(0, count), intercept.value());
    }

    private TrainableHead head(SplitGraph split, TorchDevice device) {
        try {
            return new TrainableHead(split.suffix(), source.anatomy(), settings, device, prefix);
        } catch (RuntimeException e) {
            prefix.close();
            throw e;
        }
    }

    private static int stagedRows(GradientSettings settings) {
        int replayed = settings.replayedInAStep(settings.maxRows());
        int aligned = settings.adaptation().isUsed() ? 2 * settings.adaptation().rows() : 0;
        return Math.addExact(settings.maxRows(), Math.multiplyExact(settings.steps(), replayed + aligned));
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        for (int from = 0; from < batch.rows(); from += settings.maxRows()) {
            int count = Math.min(settings.maxRows(), batch.rows() - from);
            Prefix.Rows staged = stage(batch, from, count);
            prefix.run(scaler.mean(), scaler.scale());
            float[] scores = head.scores(staged);
            for (int i = 0; i < count; i++) {
                out[from + i] = scores[i] + intercept.value();
            }
        }
    }

    private Prefix.Rows stage(FeatureBatch batch, int from, int count) {
        FeatureBatch staging = prefix.staging();
        staging.clear();
        for (int row = from; row < from + count; row++) {
            staging.copyRow(batch, row);
        }
        return new Prefix.Rows(0, count);
    }

    @Override
    public int memoLength() {
        return 0;
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        logits(batch, out);
        scaler.observe(batch);
        if (alignment != null) {
            alignment.arrive(batch, row -> Float.isFinite(out[row]));
        }
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        for (int row = 0; row < batch.rows(); row++) {
            if (labels[row] != 0 && labels[row] != 1) {
                throw new IllegalArgumentException("the label of row " + row + " is " + labels[row] + ", not 0 or 1");
            }
        }
        UpdateTally tally = new UpdateTally();
        for (int from = 0; from < batch.rows(); from += settings.maxRows()) {
            learn(batch, labels, from, Math.min(settings.maxRows(), batch.rows() - from), tally);
        }
        scaler.observe(batch);
        return tally.report(batch.rows());
    }

    private void learn(FeatureBatch batch, float[] labels, int from, int count, UpdateTally tally) {
        Prefix.Rows fresh = stage(batch, from, count);
        int steps = takeSteps(count);
        List<Prefix.Rows> replayed = new ArrayList<>(steps);
        for (int step = 0; step < steps; step++) {
            replayed.add(replay.stage(settings.replayedInAStep(count), prefix.staging(), head, random));
        }
        List<@Nullable AlignedRows> aligned =
                alignment == null ? Collections.nCopies(steps, null) : alignment.stage(prefix.staging(), steps);
        prefix.run(scaler.mean(), scaler.scale());

        float[] scores = head.scores(fresh);
        float[] offsets = new float[count];
        for (int i = 0; i < count; i++) {
            float label = labels[from + i];
            tally.addLoss(LogLoss.of(scores[i] + intercept.value(), label));
            offsets[i] = intercept.value();
            head.label(i, label, offsets[i]);
            intercept.learn(scores[i], label);
        }
        FiniteRows learned = new FiniteRows(scores, count);
        // Where there is nothing to learn, the steps are left out, and counted.
        List<Prefix.Rows> now = learned.size() > 0 ? learned.parts() : List.of(fresh);
        for (int step = 0; step < steps; step++) {
            Prefix.Rows old = replayed.get(step);
            List<Prefix.Rows> labelled = new ArrayList<>(now);
            if (old.count() > 0) {
                labelled.add(old);
            }
            tally.add(head.step(new TrainableHead.StepRows(labelled, aligned.get(step)), intercept.value()));
            digest.weightsChanged();
        }
        keep(batch, labels, from, learned, offsets);
    }

    /** Keeps what was learned just now, to be learned again. */
    private void keep(FeatureBatch batch, float[] labels, int from, FiniteRows learned, float[] offsets) {
        for (int i = 0; i < learned.size(); i++) {
            int row = from + learned.place(i);
            if (alignment != null) {
                alignment.learn(batch, row, labels[row]);
            }
            replay.learn(batch, row, labels[row], offsets[learned.place(i)], random);
        }
        LiveRetention retention = head.retention();
        if (retention != null && learned.size() > 0 && retention.learned(learned.size())) {
            // Replay is the past; where there is none, what was learned just now stands for it.
            if (replay.size() > 0) {
                anchor(replay.size(), replay::copyTo);
            } else {
                anchor(learned.size(), (to, slot) -> to.copyRow(batch, from + learned.place(slot)));
            }
        }
    }

    /**
     * What holds it to its earlier self are weights alone; the rows that told what matters of them are not kept. Rows of
     * the source model go too, and are not counted: they are the model's, and every learner of it has them.
     */
    @Override
    public int erase(OwnerKeys owners) {
        source = source.without(owners);
        return replay.erase(owners) + (alignment == null ? 0 : alignment.erase(owners));
    }

    /** A full mini-batch earns all its steps; smaller ones earn parts that add up, whatever the label rate. */
    private int takeSteps(int rows) {
        stepsEarned += settings.steps() * Math.min(1, rows / (double) settings.stepRows());
        int steps = (int) Math.min(settings.steps(), Math.floor(stepsEarned));
        stepsEarned -= steps;
        return steps;
    }

    @Override
    public byte[] export() {
        Map<String, float[]> values = new HashMap<>(head.weights());
        Anatomy anatomy = source.anatomy();
        values.put(anatomy.intercept(), new float[] {intercept.value()});
        if (anatomy.hasScaler()) {
            values.put(anatomy.means(), scaler.mean());
            values.put(anatomy.scales(), scaler.scale());
        }
        return whole.withInitializers(values).toBytes();
    }

    @Override
    public byte[] checkpoint() {
        StateWriter out = LearnerCheckpoint.begin(
                identity,
                intercept.value(),
                stepsEarned,
                random.state(),
                head.weights(),
                head.optimizer(),
                scaler.state());
        replay.write(out);
        if (alignment == null) {
            LiveAlignment.writeNone(out);
        } else {
            alignment.write(out);
        }
        out.text(settings.retention().method().spelled());
        LiveRetention retention = head.retention();
        out.bytes(retention == null ? new byte[0] : LearnerCheckpoint.retention(retention));
        return out.toBytes();
    }

    /** Of a learner that was guarded or calibrated until now, it becomes the line that was in use. */
    @Override
    public void restore(byte[] checkpoint) {
        LearnerCheckpoint saved = LearnerCheckpoint.read(
                CalibratedModel.uncalibrated(GuardedLearner.inUse(checkpoint)),
                identity,
                head.weights(),
                source.layout(),
                settings,
                head.term(),
                head.retention());
        head.restore(saved.weights(), saved.optimizer());
        digest.weightsChanged();
        intercept.restore(saved.intercept());
        stepsEarned = saved.stepsEarned();
        random.restore(saved.random());
        scaler.restore(saved.statistics());
        replay.restore(saved.replay(), saved.recent());
        if (alignment != null) {
            alignment.restore(saved.adaptation(), source.sample());
        }
        LiveRetention retention = head.retention();
        if (retention != null && saved.retention() != null) {
            retention.restore(saved.retention());
        } else {
            anchorBySample();
        }
    }

    /** What is known of each target that is aligned; empty without adaptation. */
    public List<LiveDomains.TargetState> targets() {
        return alignment == null ? List.of() : alignment.targets();
    }

    @Override
    public String notes() {
        return alignment == null ? "" : alignment.notes();
    }

    @Override
    public String weightsSha256() {
        return digest.hex(head, intercept.value(), scaler);
    }

    /** Native tensors held between calls; the same after every call. */
    int nativeArrays() {
        LiveTerm term = head.term();
        LiveRetention retention = head.retention();
        return head.nativeArrays()
                + (term == null ? 0 : term.nativeArrays())
                + (retention == null ? 0 : retention.nativeArrays());
    }

    @Override
    public String device() {
        return head.device().toString();
    }

    @Override
    public void close() {
        head.close();
        prefix.close();
    }
}
