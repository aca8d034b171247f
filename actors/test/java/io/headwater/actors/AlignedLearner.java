package io.headwater.actors;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.LearnReport;
import io.headwater.learn.LearnerAround;
import io.headwater.learn.Memos;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.LiveDomains;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.line.LogisticLearner;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A learner that keeps a stream's domains as one does that aligns them, and of the rows that a step would align learns what
 * is mostly wrong: whatever is not restored of the domains shows in its weights, and its guard has something to do.
 */
final class AlignedLearner extends LearnerAround {
    private static final String KIND = "simulated alignment";
    private static final int ROWS = 8;
    private static final StreamAdaptation ADAPTATION =
            new StreamAdaptation(Alignment.MMD, OptionalDouble.empty(), Set.of(), 1, 2, ROWS, ROWS, 10, 0);

    private final LogisticLearner real;
    private final FeatureBatch staged = new FeatureBatch(SimModel.SCHEMA.rows(), 2 * ADAPTATION.rows());
    private final float[] labels = new float[staged.capacity()];
    private LiveDomains domains = fresh();

    AlignedLearner(LogisticLearner real) {
        super(real);
        this.real = real;
    }

    private static LiveDomains fresh() {
        FeatureBatch sample = new FeatureBatch(SimModel.SCHEMA.rows(), ROWS);
        SeededRandom random = new SeededRandom(1);
        for (int row = 0; row < ROWS; row++) {
            sample.nextRow();
            for (int i = 0; i < sample.numericWidth(); i++) {
                // Elsewhere than the traffic: where the domains are alike nothing is aligned.
                sample.numeric().put(row * sample.numericWidth() + i, (float) (3 + random.nextGaussian()));
            }
        }
        return new LiveDomains(ADAPTATION, sample, new float[ROWS], 1);
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        real.arrive(batch, out, memos);
        domains.arrive(batch);
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] known, Memos memos) {
        LearnReport report = real.learn(batch, known, memos);
        LiveDomains.Turn turn = domains.turn();
        if (turn != null) {
            staged.clear();
            domains.copySource(turn, staged);
            domains.copyTarget(turn, staged);
            for (int row = 0; row < staged.rows(); row++) {
                labels[row] = staged.numeric().get(row * staged.numericWidth()) > 0 ? 0 : 1;
            }
            real.learn(staged, labels);
        }
        return report;
    }

    @Override
    public int erase(OwnerKeys owners) {
        return real.erase(owners) + domains.erase(owners);
    }

    @Override
    public byte[] checkpoint() {
        StateWriter out = new StateWriter(KIND, 1).bytes(real.checkpoint());
        domains.write(out);
        return out.toBytes();
    }

    /** Of a learner that was alone, alignment begins. */
    @Override
    public void restore(byte[] checkpoint) {
        LiveDomains restored = fresh();
        if (StateReader.kind(checkpoint).equals(KIND)) {
            StateReader in = new StateReader(checkpoint, KIND, 1);
            byte[] alone = in.bytes();
            LiveDomains.Saved saved = LiveDomains.Saved.read(in, SimModel.SCHEMA.rows());
            in.end();
            real.restore(alone);
            restored.restore(saved);
        } else {
            real.restore(checkpoint);
        }
        domains = restored;
    }

    @Override
    public String notes() {
        return "Aligned to " + domains.targets() + ".";
    }
}
