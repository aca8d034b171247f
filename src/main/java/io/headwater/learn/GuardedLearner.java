package io.headwater.learn;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An adapted learner and the same without adaptation beside it: both learn everything, one of them scores. It begins as
 * the adapted one, and changes over when the labels of the target domain say that the other loses less or ranks better;
 * it changes back when they say both of the adapted one.
 */
public final class GuardedLearner implements Learner {
    /*
     * Adaptation without labels is a bet that can be lost ("negative transfer": Wang et al., Characterizing and Avoiding
     * Negative Transfer, CVPR 2019): alignment may put the wrong classes on top of each other, and nothing that is
     * known without labels tells. The first labels of the target do. What counts is what both said of a row when its
     * event arrived, before either had learned a label of its neighbours; a row whose arrival nobody remembers any more,
     * which is the rule where labels come weeks late, is asked of both when its label comes: both have learned the same
     * neighbours by then.
     *
     * Either sense of better is enough to leave adaptation, both are needed to take it up again (see PairedEvidence):
     * where one speaks for the adapted line and one against it, nobody asked for it at that price, and the two lines do
     * not take turns.
     */
    private static final String KIND = "headwater guarded learner";
    private static final int FORMAT = 3;
    /** The logits of both, before the memos of both. */
    private static final int LOGITS = 2;

    private final Learner adapted;
    private final Learner plain;
    private final Set<String> sources;
    private PairedEvidence evidence = new PairedEvidence();
    private boolean usesAdapted = true;
    private long switches;

    private float[] adaptedLogits = new float[0];
    private float[] plainLogits = new float[0];
    private Memos adaptedMemos;
    private Memos plainMemos;
    /** Of one row, for {@link #said}. */
    private final float[] adaptedMemo;

    private final float[] plainMemo;

    /**
     * @param plain as {@code adapted} in all but the adaptation; both are closed with this learner
     * @param sources domains whose labels have no say, since the target's are meant; if empty, all labels count
     */
    public GuardedLearner(Learner adapted, Learner plain, Set<String> sources) {
        this.adapted = adapted;
        this.plain = plain;
        this.sources = Set.copyOf(sources);
        this.adaptedMemos = new Memos(0, adapted.memoLength());
        this.plainMemos = new Memos(0, plain.memoLength());
        this.adaptedMemo = new float[adapted.memoLength()];
        this.plainMemo = new float[plain.memoLength()];
    }

    private Learner used() {
        return usesAdapted ? adapted : plain;
    }

    private void makeRoom(int rows) {
        if (adaptedLogits.length < rows) {
            adaptedLogits = new float[rows];
            plainLogits = new float[rows];
            adaptedMemos = new Memos(rows, adapted.memoLength());
            plainMemos = new Memos(rows, plain.memoLength());
        }
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        used().logits(batch, out);
    }

    @Override
    public int memoLength() {
        return LOGITS + adapted.memoLength() + plain.memoLength();
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        makeRoom(batch.rows());
        adapted.arrive(batch, adaptedLogits, adaptedMemos);
        plain.arrive(batch, plainLogits, plainMemos);
        int ofAdapted = adapted.memoLength();
        for (int row = 0; row < batch.rows(); row++) {
            float[] memo = memos.write(row);
            memo[0] = adaptedLogits[row];
            memo[1] = plainLogits[row];
            System.arraycopy(adaptedMemos.of(row), 0, memo, LOGITS, ofAdapted);
            System.arraycopy(plainMemos.of(row), 0, memo, LOGITS + ofAdapted, plain.memoLength());
            out[row] = memo[usesAdapted ? 0 : 1];
        }
    }

    @Override
    public float said(float[] memo, float logit) {
        float[] own = usesAdapted ? adaptedMemo : plainMemo;
        System.arraycopy(memo, usesAdapted ? LOGITS : LOGITS + adapted.memoLength(), own, 0, own.length);
        return used().said(own, memo[usesAdapted ? 0 : 1]);
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        makeRoom(batch.rows());
        for (int row = 0; row < batch.rows(); row++) {
            handBack(memos, row, LOGITS, adaptedMemos);
            handBack(memos, row, LOGITS + adapted.memoLength(), plainMemos);
        }
        if (askAgain(batch, memos)) {
            adapted.logits(batch, adaptedLogits);
            plain.logits(batch, plainLogits);
        }
        LearnReport ofAdapted = adapted.learn(batch, labels, adaptedMemos);
        LearnReport ofPlain = plain.learn(batch, labels, plainMemos);
        boolean before = usesAdapted;
        String note = "";
        for (int row = 0; row < batch.rows(); row++) {
            if (counts(batch, row)) {
                float[] then = memos.of(row);
                boolean seen = memos.has(row);
                float ofAdaptedLine = seen ? then[0] : adaptedLogits[row];
                note = compare(ofAdaptedLine, seen ? then[1] : plainLogits[row], labels[row] == 1, note);
            }
        }
        return told(usesAdapted ? ofAdapted : ofPlain, ofAdapted, note, before != usesAdapted);
    }

    private boolean counts(FeatureBatch batch, int row) {
        return sources.isEmpty() || !sources.contains(batch.domain(row));
    }

    private boolean askAgain(FeatureBatch batch, Memos memos) {
        for (int row = 0; row < batch.rows(); row++) {
            if (counts(batch, row) && !memos.has(row)) {
                return true;
            }
        }
        return false;
    }

    private static void handBack(Memos whole, int row, int from, Memos part) {
        part.put(row, null);
        if (whole.has(row)) {
            float[] memo = part.write(row);
            System.arraycopy(whole.of(row), from, memo, 0, memo.length);
        }
    }

    /** Takes one label in as evidence; the news if it decides, else {@code note}. */
    private String compare(float ofAdapted, float ofPlain, boolean label, String note) {
        evidence.record(usesAdapted ? ofAdapted : ofPlain, usesAdapted ? ofPlain : ofAdapted, label);
        if (!(usesAdapted ? evidence.isEnoughOnEither() : evidence.isEnoughOnBoth())) {
            return note;
        }
        String news = String.format(
                Locale.ROOT,
                "adaptation %s: over %d target labels the %s line %s, so candidates are made of the %s one from here on",
                usesAdapted ? "hurts" : "helps",
                evidence.labels(),
                name(usesAdapted),
                evidence.told(),
                name(!usesAdapted));
        usesAdapted = !usesAdapted;
        switches++;
        evidence.clear();
        return news;
    }

    private static String name(boolean adapted) {
        return adapted ? "adapted" : "unadapted";
    }

    @Override
    public void alarm() {
        adapted.alarm();
        plain.alarm();
    }

    /** Of both lines, which mostly keep the same rows: a row that both keep counts twice. */
    @Override
    public int erase(OwnerKeys owners) {
        return adapted.erase(owners) + plain.erase(owners);
    }

    @Override
    public byte[] export() {
        return used().export();
    }

    @Override
    public byte[] checkpoint() {
        StateWriter out =
                new StateWriter(KIND, FORMAT).integer(usesAdapted ? 1 : 0).integer64(switches);
        evidence.write(out);
        return out.bytes(adapted.checkpoint()).bytes(plain.checkpoint()).toBytes();
    }

    /**
     * The checkpoint of the line that a guarded one uses; any other checkpoint as it is. With it a learner goes on alone.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    public static byte[] inUse(byte[] checkpoint) {
        if (!StateReader.kind(checkpoint).equals(KIND)) {
            return checkpoint;
        }
        StateReader in = new StateReader(checkpoint, KIND, FORMAT);
        boolean usesAdapted = in.integer(0, 1) == 1;
        in.integer64();
        PairedEvidence.read(in);
        byte[] ofAdapted = in.bytes();
        byte[] ofPlain = in.bytes();
        in.end();
        return usesAdapted ? ofAdapted : ofPlain;
    }

    /** Of a learner that was alone, both lines become what it was. */
    @Override
    public void restore(byte[] checkpoint) {
        if (!StateReader.kind(checkpoint).equals(KIND)) {
            restore(true, 0, new PairedEvidence(), checkpoint, checkpoint);
            return;
        }
        StateReader in = new StateReader(checkpoint, KIND, FORMAT);
        boolean savedUse = in.integer(0, 1) == 1;
        long savedSwitches = in.integer64();
        PairedEvidence savedEvidence = PairedEvidence.read(in);
        byte[] ofAdapted = in.bytes();
        byte[] ofPlain = in.bytes();
        in.end();
        restore(savedUse, savedSwitches, savedEvidence, ofAdapted, ofPlain);
    }

    private void restore(
            boolean savedUse, long savedSwitches, PairedEvidence savedEvidence, byte[] ofAdapted, byte[] ofPlain) {
        byte[] before = adapted.checkpoint();
        adapted.restore(ofAdapted);
        try {
            plain.restore(ofPlain);
        } catch (RuntimeException e) {
            adapted.restore(before);
            throw e;
        }
        usesAdapted = savedUse;
        switches = savedSwitches;
        evidence = savedEvidence;
    }

    @Override
    public String weightsSha256() {
        String all = (usesAdapted ? "adapted " : "unadapted ") + adapted.weightsSha256() + " " + plain.weightsSha256()
                + " " + evidence.fingerprint();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public Optional<AdaptationStanding> adaptation() {
        int sign = usesAdapted ? -1 : 1;
        return Optional.of(new AdaptationStanding(
                usesAdapted, sign * evidence.leadNats(), sign * evidence.leadAuc(), evidence.labels(), switches));
    }

    @Override
    public String notes() {
        AdaptationStanding standing = adaptation().orElseThrow();
        String used = name(standing.adapted()) + " line is in use";
        String labels = standing.labels() == 0
                ? "no target label that speaks for either has come"
                : String.format(
                        Locale.ROOT,
                        "over %d target labels the adapted line is %s by %.4f nats and %s by %.4f of ROC AUC",
                        standing.labels(),
                        standing.leadNats() < 0 ? "behind" : "ahead",
                        Math.abs(standing.leadNats()),
                        standing.leadAuc() < 0 ? "behind" : "ahead",
                        Math.abs(standing.leadAuc()));
        String since = switches == 0 ? "" : " since switch " + switches;
        String both = "The " + used + "; " + labels + since + ".";
        // The version is not of the adapted line then, and what is said of that one must not read as if it were.
        return standing.adapted() ? (adapted.notes() + " " + both).strip() : both;
    }

    @Override
    public String device() {
        return adapted.device();
    }

    @Override
    public void close() {
        try (adapted) {
            plain.close();
        }
    }

    /** What the line in use did in one update; the adaptation's loss is the adapted one's in any case. */
    private static LearnReport told(LearnReport used, LearnReport adapted, String note, boolean switched) {
        String both = adapted.note().isEmpty() || note.isEmpty() ? "" : "; ";
        return new LearnReport(
                used.lossNats(),
                adapted.adaptationLoss(),
                used.gradientNorm(),
                used.steps(),
                used.skippedSteps(),
                adapted.note() + both + note,
                switched);
    }
}
