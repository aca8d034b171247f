package io.headwater.learn.online;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import io.headwater.learn.calibration.CalibratedModel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link MixtureLearner} of two classes as a learning line has it: rows come in batches, and a file goes out. */
public final class MixtureModel implements Learner {
    private static final Set<String> READ = Set.of(ModelSignature.NUMERIC, ModelSignature.CATEGORICAL);

    private static final String KIND = "headwater mixture model";
    private static final int FORMAT = 1;

    private final int buckets;
    private final OnlineRow row;
    private final float[] output = new float[1];
    private long seed;
    private MixtureLearner learner;

    /** Null when something changed since it was last asked for: a line asks after each step, and for each candidate. */
    private @Nullable String sha256;

    /**
     * One that has learned nothing.
     *
     * @param seed of the ferns' questions
     * @throws IllegalArgumentException if rows are more than numbers and categories
     */
    public MixtureModel(RowLayout layout, long seed) {
        for (RowTensor tensor : layout.tensors()) {
            if (!READ.contains(tensor.name())) {
                throw new IllegalArgumentException("a mixture reads " + READ + ", not '" + tensor.name() + "'");
            }
        }
        int categories = layout.indexOf(ModelSignature.CATEGORICAL);
        int width = categories < 0 ? 0 : layout.tensors().get(categories).width();
        this.buckets = categories < 0
                ? 0
                : Math.toIntExact(layout.tensors().get(categories).below());
        this.row = new OnlineRow(layout.numericWidth(), width);
        this.seed = seed;
        this.learner = fresh(row, buckets, seed);
    }

    private static MixtureLearner fresh(OnlineRow row, int buckets, long seed) {
        // A version stands still between two swaps, and recent means would be out of date before it serves.
        MixtureSettings settings = new MixtureSettings(true, true, true, false, seed);
        return new MixtureLearner(Task.BINARY, row.numeric().length, row.categorical().length, buckets, settings);
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        for (int i = 0; i < batch.rows(); i++) {
            row.read(batch, i);
            learner.score(row, output);
            out[i] = output[0];
        }
    }

    @Override
    public int memoLength() {
        return learner.memoLength();
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        sha256 = null;
        for (int i = 0; i < batch.rows(); i++) {
            row.read(batch, i);
            learner.arrive(row, output, memos.write(i));
            out[i] = output[0];
        }
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        int rows = batch.rows();
        for (int i = 0; i < rows; i++) {
            if (labels[i] != 0 && labels[i] != 1) {
                throw new IllegalArgumentException("the label of row " + i + " is " + labels[i] + ", not 0 or 1");
            }
        }
        sha256 = null;
        double lossNats = 0;
        for (int i = 0; i < rows; i++) {
            row.read(batch, i);
            if (memos.has(i)) {
                learner.score(row, output);
                learner.learnScored(row, memos.of(i), labels[i], 1);
            } else {
                learner.arrive(row, output, memos.of(i));
                learner.learn(row, memos.of(i), labels[i], 1);
            }
            lossNats += loss(output[0], labels[i]);
        }
        return new LearnReport(rows == 0 ? 0 : lossNats / rows, 0, 0, rows, 0, "", false);
    }

    private static double loss(double logit, double label) {
        return Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)));
    }

    @Override
    public void alarm() {
        sha256 = null;
        learner.alarm();
    }

    @Override
    public int erase(OwnerKeys owners) {
        int erased = learner.erase(owners);
        if (erased > 0) {
            sha256 = null;
        }
        return erased;
    }

    @Override
    public byte[] export() {
        return learner.graph().toBytes();
    }

    @Override
    public byte[] checkpoint() {
        return new StateWriter(KIND, FORMAT)
                .integer64(seed)
                .bytes(learner.checkpoint())
                .toBytes();
    }

    /** Of one that was calibrated until now, it becomes the mixture behind the map. */
    @Override
    public void restore(byte[] checkpoint) {
        StateReader in = new StateReader(CalibratedModel.uncalibrated(checkpoint), KIND, FORMAT);
        long savedSeed = in.integer64();
        byte[] saved = in.bytes();
        in.end();
        MixtureLearner restored = fresh(row, buckets, savedSeed);
        restored.restore(saved);
        seed = savedSeed;
        learner = restored;
        sha256 = null;
    }

    /**
     * Over all of the mixture's state, which is more than what decides a score: lines that will part are told at once. How
     * weights enter it is in {@link StateDigest}.
     */
    @Override
    public String weightsSha256() {
        String known = sha256;
        if (known == null) {
            known = learner.stateSha256();
            sha256 = known;
        }
        return known;
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public void close() {
        // Holds memory alone.
    }
}
