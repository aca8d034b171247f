package io.headwater.learn;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import java.util.Optional;

/**
 * A model that can still change: it scores, learns, and hands on what it is. One thread owns it.
 *
 * <p>The contract, which every implementation's test inherits:
 *
 * <ul>
 *   <li>the same calls in the same order from the same state give the same bits (on one device type, instruction set
 *       and set of native libraries);
 *   <li>{@link #restore} of a {@link #checkpoint} continues as if nothing had happened;
 *   <li>{@link #export} scores as {@link #logits} does, to 1e-5;
 *   <li>finite weights stay finite whatever the input holds: NaN, infinities, huge values, unseen categories, one
 *       class only, an empty batch.
 * </ul>
 */
public interface Learner extends AutoCloseable {
    /**
     * Scores each row with the weights as they stand; changes nothing.
     *
     * @param out receives the logit of class 1 of each row, at least {@code [batch.rows()]}
     */
    void logits(FeatureBatch batch, float[] out);

    /** Floats that {@link #arrive} leaves of each row for {@link #learn}, always the same; 0 where nothing is kept. */
    int memoLength();

    /**
     * Scores rows whose events have just come, and takes in what can be known of them without labels: the target domain
     * of adaptation, the running feature statistics.
     *
     * @param out as of {@link #logits}
     * @param memos receives a memo of each row, to be handed back with its label
     */
    void arrive(FeatureBatch batch, float[] out, Memos memos);

    /**
     * What the learner as it stands would have said of a row that it saw arrive: {@code logit}, unless it has several
     * models and uses another since.
     *
     * @param memo what {@link #arrive} left of the row
     * @param logit what it said then
     */
    default float said(float[] memo, float logit) {
        return logit;
    }

    /**
     * Learns from labelled rows: one update of the learner, however many inner steps it takes.
     *
     * @param labels 0 or 1 for each row, at least {@code [batch.rows()]}
     * @param memos what {@link #arrive} left of each row; a row that has none is taken to arrive with its label. May be
     *     written to
     * @return what the update did; a step that would make a weight non-finite is left out and says so
     */
    LearnReport learn(FeatureBatch batch, float[] labels, Memos memos);

    /** Learns from labelled rows that nobody saw arrive. */
    default LearnReport learn(FeatureBatch batch, float[] labels) {
        return learn(batch, labels, new Memos(batch.rows(), memoLength()));
    }

    /**
     * The line's loss has risen for more than chance explains: what was learned before may be wrong now. Learners that
     * always forget at their pace have nothing to do.
     */
    default void alarm() {}

    /**
     * Forgets the rows of some owners that it keeps to learn from again: replay, samples of a source or a target. What it
     * has learned of them stays learned. Part of the contract is that a checkpoint made after it has no such row, and that
     * it is the same whether owners are erased at once or one after the other.
     *
     * @param owners by the keys that {@link FeatureBatch#key} gives
     * @return rows erased; one that is kept in two places counts twice
     */
    default int erase(OwnerKeys owners) {
        return 0;
    }

    /** One self-contained ONNX file of the model as it stands: see {@link OnnxModel} for its inputs and outputs. */
    byte[] export();

    /** Everything that decides what later calls do: weights, optimizer moments, replay, statistics, random state. */
    byte[] checkpoint();

    /**
     * Becomes the learner whose {@link #checkpoint} this is.
     *
     * @throws IllegalArgumentException if the bytes are of another kind, format or shape; nothing is changed then
     */
    void restore(byte[] checkpoint);

    /** SHA-256 (hex) over all weights and statistics that decide a score, bit for bit. */
    String weightsSha256();

    /**
     * What whoever looks at a version made of this learner should know of how it came to be, as whole sentences; empty
     * where there is nothing. Decides nothing.
     */
    default String notes() {
        return "";
    }

    /** How adaptation stands, of a learner that has an unadapted one beside it. */
    default Optional<AdaptationStanding> adaptation() {
        return Optional.empty();
    }

    /** The device that learning runs on: {@code cpu} or {@code gpu:N}. */
    String device();

    @Override
    void close();
}
