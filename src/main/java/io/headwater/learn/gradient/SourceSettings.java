package io.headwater.learn.gradient;

import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.learn.schedule.EarlyStopping;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.learn.schedule.Unfreezing;

/**
 * How a source model is developed.
 *
 * @param learningRate AdamW's step size
 * @param weightDecay AdamW's decoupled weight decay; biases have none
 * @param batchRows rows of a mini-batch
 * @param maxEpochs the most passes over the training examples
 * @param patience passes without a better validation loss after which training ends
 * @param validationShare share of the examples, the last in time, that is held out
 * @param numericBins bins of each numeric column, see {@link NumericBins}; 0 for scaled columns alone
 * @param sampleRows labelled rows kept for adaptation
 * @param seed fixes every random choice
 */
public record SourceSettings(
        double learningRate,
        double weightDecay,
        int batchRows,
        int maxEpochs,
        int patience,
        double validationShare,
        int numericBins,
        int sampleRows,
        long seed) {
    /** A pass counts as better only by this much, in nats: less is noise, and each one costs a copy of all weights. */
    private static final double MIN_GAIN = 1e-4;

    /** More say no more: neighbours differ by less than a net can use. */
    public static final int MAX_BINS = 256;

    public static final SourceSettings DEFAULT = new SourceSettings(3e-3, 1e-2, 64, 60, 8, 0.2, 0, 512, 1);

    public SourceSettings {
        if (!(learningRate > 0 && learningRate <= 1) || !(weightDecay >= 0 && weightDecay <= 10)) {
            throw new IllegalArgumentException("learning rate " + learningRate + " and weight decay " + weightDecay
                    + "; above 0 to 1 and 0 to 10 are allowed");
        }
        if (batchRows < 1 || maxEpochs < 1 || patience < 1) {
            throw new IllegalArgumentException("batch rows, epochs and patience are at least 1");
        }
        if (!(validationShare > 0 && validationShare < 1)) {
            throw new IllegalArgumentException("the validation share is " + validationShare + "; 0 to 1 is allowed");
        }
        if (numericBins < 0 || numericBins > MAX_BINS) {
            throw new IllegalArgumentException(
                    "numeric bins are " + numericBins + "; 0 to " + MAX_BINS + " are allowed");
        }
        if (sampleRows < 2 || sampleRows > LabeledRows.MAX_SAVED) {
            throw new IllegalArgumentException("sample rows are " + sampleRows + "; 2 to " + LabeledRows.MAX_SAVED);
        }
    }

    public SourceSettings withSeed(long value) {
        return new SourceSettings(
                learningRate,
                weightDecay,
                batchRows,
                maxEpochs,
                patience,
                validationShare,
                numericBins,
                sampleRows,
                value);
    }

    SourceSettings withNumericBins(int value) {
        return new SourceSettings(
                learningRate, weightDecay, batchRows, maxEpochs, patience, validationShare, value, sampleRows, seed);
    }

    /** The same as a recipe; the seed is no part of it. */
    public Recipe recipe() {
        return new Recipe(
                learningRate,
                weightDecay,
                1,
                batchRows,
                maxEpochs,
                new EarlyStopping(patience, MIN_GAIN),
                validationShare,
                RateSchedule.InEpochs.CONSTANT,
                LayerRates.EQUAL,
                new Unfreezing.AtOnce(),
                Objective.CROSS_ENTROPY,
                Augmentation.NONE);
    }
}
