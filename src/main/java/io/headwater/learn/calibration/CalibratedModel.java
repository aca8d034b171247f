package io.headwater.learn.calibration;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.AdaptationStanding;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A learner whose probabilities are made to come true: it gives another's logits through a {@link ProvenMap}, which
 * learns from what that other said when the event arrived. The map is in the exported file, folded into its last layer.
 */
public final class CalibratedModel implements Learner {
    private static final String KIND = "headwater calibrated model";
    private static final int FORMAT = 1;

    /** Before the other's memo: its logit, the candidate's, and the number of the map that was in use. */
    private static final int LOGIT = 0;

    private static final int CANDIDATE = 1;
    private static final int GENERATION = 2;
    private static final int OWN = 3;

    private final Learner learner;
    private ProvenMap proven;
    private float[] logits = new float[0];
    private Memos inner;
    private final float[] oneMemo;

    /** @param learner closed with this one */
    public CalibratedModel(Learner learner) {
        this(learner, LogitMap.IDENTITY);
    }

    /** @param start what is known of the learner's logits: the correction of a balance between classes */
    public CalibratedModel(Learner learner, LogitMap start) {
        this.learner = learner;
        this.proven = new ProvenMap(start);
        this.inner = new Memos(0, learner.memoLength());
        this.oneMemo = new float[learner.memoLength()];
    }

    /** The map as it ships. */
    public LogitMap map() {
        return proven.map();
    }

    private void makeRoom(int rows) {
        if (logits.length < rows) {
            logits = new float[rows];
            inner = new Memos(rows, learner.memoLength());
        }
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        learner.logits(batch, out);
        for (int row = 0; row < batch.rows(); row++) {
            out[row] = proven.apply(out[row]);
        }
    }

    @Override
    public int memoLength() {
        return OWN + learner.memoLength();
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        makeRoom(batch.rows());
        learner.arrive(batch, out, inner);
        for (int row = 0; row < batch.rows(); row++) {
            float[] memo = memos.write(row);
            memo[LOGIT] = out[row];
            memo[CANDIDATE] = proven.candidate(out[row]);
            memo[GENERATION] = proven.generation();
            System.arraycopy(inner.of(row), 0, memo, OWN, oneMemo.length);
            out[row] = proven.apply(out[row]);
        }
    }

    @Override
    public float said(float[] memo, float logit) {
        System.arraycopy(memo, OWN, oneMemo, 0, oneMemo.length);
        return proven.apply(learner.said(oneMemo, memo[LOGIT]));
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        makeRoom(batch.rows());
        boolean allSeen = true;
        for (int row = 0; row < batch.rows(); row++) {
            allSeen &= memos.has(row);
            inner.put(row, null);
            if (memos.has(row)) {
                System.arraycopy(memos.of(row), OWN, inner.write(row), 0, oneMemo.length);
            }
        }
        if (!allSeen) {
            learner.logits(batch, logits);
        }
        LearnReport report = learner.learn(batch, labels, inner);
        String news = "";
        for (int row = 0; row < batch.rows(); row++) {
            news = later(news, learn(memos, row, labels[row] == 1));
        }
        return news.isEmpty() ? report : report.withNote(news);
    }

    private String learn(Memos memos, int row, boolean label) {
        if (!memos.has(row)) {
            return proven.learn(logits[row], proven.candidate(logits[row]), proven.generation(), label);
        }
        float[] memo = memos.of(row);
        return proven.learn(memo[LOGIT], memo[CANDIDATE], (int) memo[GENERATION], label);
    }

    private static String later(String news, String latest) {
        return latest.isEmpty() ? news : latest;
    }

    @Override
    public void alarm() {
        learner.alarm();
        proven.alarm();
    }

    @Override
    public int erase(OwnerKeys owners) {
        return learner.erase(owners);
    }

    /** @throws io.headwater.graph.GraphException if the learner's file has no last layer that could take the map in */
    @Override
    public byte[] export() {
        byte[] file = learner.export();
        LogitMap map = proven.map();
        return map.equals(LogitMap.IDENTITY)
                ? file
                : OnnxGraph.read(file)
                        .withLogitMapped(ModelSignature.LOGIT, map.scale(), map.shift())
                        .toBytes();
    }

    @Override
    public byte[] checkpoint() {
        StateWriter out = new StateWriter(KIND, FORMAT);
        proven.write(out);
        return out.bytes(learner.checkpoint()).toBytes();
    }

    /**
     * The checkpoint of the learner behind the map; any other checkpoint as it is. With it a learner goes on uncalibrated.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    public static byte[] uncalibrated(byte[] checkpoint) {
        if (!StateReader.kind(checkpoint).equals(KIND)) {
            return checkpoint;
        }
        StateReader in = new StateReader(checkpoint, KIND, FORMAT);
        new ProvenMap().read(in);
        byte[] own = in.bytes();
        in.end();
        return own;
    }

    /** Of a learner that was not calibrated, its logits are taken to be right; of a guarded one, it becomes the line in use. */
    @Override
    public void restore(byte[] checkpoint) {
        byte[] own = GuardedLearner.inUse(checkpoint);
        if (!StateReader.kind(own).equals(KIND)) {
            learner.restore(own);
            proven = proven.atStart();
            return;
        }
        StateReader in = new StateReader(own, KIND, FORMAT);
        ProvenMap read = proven.read(in);
        byte[] ofLearner = in.bytes();
        in.end();
        learner.restore(ofLearner);
        proven = read;
    }

    @Override
    public String weightsSha256() {
        StateWriter state = new StateWriter(KIND, FORMAT);
        proven.write(state);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(learner.weightsSha256().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(state.toBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String notes() {
        LogitMap map = proven.map();
        return map.equals(LogitMap.IDENTITY)
                ? learner.notes()
                : (learner.notes()
                                + String.format(
                                        Locale.ROOT, " Logits are mapped by %.3f z %+.3f.", map.scale(), map.shift()))
                        .strip();
    }

    @Override
    public Optional<AdaptationStanding> adaptation() {
        return learner.adaptation();
    }

    @Override
    public String device() {
        return learner.device();
    }

    @Override
    public void close() {
        learner.close();
    }
}
