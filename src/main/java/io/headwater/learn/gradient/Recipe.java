package io.headwater.learn.gradient;

import io.headwater.graph.Backbone;
import io.headwater.learn.Allowed;
import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.learn.schedule.Decay;
import io.headwater.learn.schedule.EarlyStopping;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.learn.schedule.TrainingCourse;
import io.headwater.learn.schedule.Unfreezing;
import io.headwater.torch.AdamW;

/**
 * How a suffix is trained offline. The seed is no part of it: a recipe is compared over several.
 *
 * @param learningRate AdamW's step size in the head, before {@code schedule} and {@code layerRates}
 * @param weightDecay AdamW's decoupled weight decay; biases have none
 * @param clipNorm gradients are scaled down to this global L2 norm
 * @param batchRows rows of a mini-batch
 * @param maxEpochs the most passes over the training rows
 * @param stopping when to end before that
 * @param validationShare share of the rows that is held out for it
 * @param schedule of the learning rate, its time in epochs
 * @param layerRates of the layers against the head
 * @param unfreezing when layers begin to train
 * @param objective the loss
 * @param augmentation of the training rows
 */
public record Recipe(
        double learningRate,
        double weightDecay,
        double clipNorm,
        int batchRows,
        int maxEpochs,
        EarlyStopping stopping,
        double validationShare,
        RateSchedule.InEpochs schedule,
        LayerRates layerRates,
        Unfreezing unfreezing,
        Objective objective,
        Augmentation augmentation) {
    /*
     * 1. Kingma & Ba, Adam (ICLR 2015): the rate of 1e-3. Loshchilov & Hutter, Decoupled Weight Decay Regularization
     *    (ICLR 2019): a decay of 1e-2, as PyTorch starts with.
     * 2. Devlin et al., BERT (NAACL 2019), appendix A.3: rates of 2e-5 to 5e-5, batches of 16 or 32, 2 to 4 epochs.
     * 3. Mosbach et al., On the Stability of Fine-tuning BERT (ICLR 2021): more epochs on little data, a tenth of them
     *    warm-up, and a rate that falls to 0.
     * 4. Kumar et al., Fine-Tuning can Distort Pretrained Features (ICLR 2022): the head first, by itself.
     * 5. Clark et al., ELECTRA (ICLR 2020), appendix B: a layer decay of 0.8.
     */

    /**
     * A new head on features of a frozen prefix, computed once: passes are cheap, so the held-out rows say when to end.
     * The figures are from the literature, named before any run.
     */
    public static final Recipe NEW_HEAD = new Recipe(
            1e-3,
            1e-2,
            1,
            32,
            100,
            new EarlyStopping(10, 1e-4),
            0.2,
            RateSchedule.InEpochs.CONSTANT,
            LayerRates.EQUAL,
            new Unfreezing.AtOnce(),
            Objective.CROSS_ENTROPY,
            Augmentation.NONE);

    /**
     * A new head, first by itself as {@link #NEW_HEAD}, then together with the layers under it: those take a twentieth of
     * its rate, 5e-5, and less further down. The figures are from the literature, named before any run; that the head
     * comes first, and that passes are 20 and patience 5, was chosen when held-out rows showed few labels leaving head
     * and layers half trained (docs/benchmarks.md).
     */
    public static final Recipe FINE_TUNING = new Recipe(
            1e-3,
            1e-2,
            1,
            32,
            20,
            new EarlyStopping(5, 1e-4),
            0.2,
            new RateSchedule.InEpochs(0.5, new Decay.Cosine(19.5, 0)),
            new LayerRates(0.05, 0.8),
            new Unfreezing.HeadFirst(),
            Objective.CROSS_ENTROPY,
            Augmentation.NONE);

    /** The one of the two that suits what trains on {@code backbone}. */
    public static Recipe usual(Backbone backbone) {
        return backbone.trained().size() == 1 ? NEW_HEAD : FINE_TUNING;
    }

    public Recipe {
        Allowed.above("learning rate", learningRate, 0, 1);
        Allowed.within("weight decay", weightDecay, 0, 10);
        Allowed.within("clip norm", clipNorm, 1e-6, 1e6);
        Allowed.within("batch rows", batchRows, 1, 100_000);
        Allowed.within("epochs", maxEpochs, 1, 1_000_000);
        Allowed.within("validation share", validationShare, 0.01, 0.9);
    }

    /** For AdamW. */
    public AdamW.Settings optimizer() {
        return new AdamW.Settings(0.9f, 0.999f, (float) weightDecay, (float) clipNorm);
    }

    /** The schedule for {@code rows} training rows, its time in steps; a last, smaller batch is a step too. */
    public RateSchedule rates(int rows) {
        return schedule.inSteps(Math.max(1, (rows + batchRows - 1L) / batchRows));
    }

    /** The learning rate of the head in a step; {@link LayerRates#factors} has the other layers'. */
    public float rate(RateSchedule rates, long step) {
        return (float) (learningRate * rates.factor(step));
    }

    /** @param layers how many layers right of the cut can train, the head not counted */
    public TrainingCourse course(int layers) {
        return new TrainingCourse(unfreezing, stopping, layers);
    }

    public Recipe withLearningRate(double rate) {
        return new Recipe(
                rate,
                weightDecay,
                clipNorm,
                batchRows,
                maxEpochs,
                stopping,
                validationShare,
                schedule,
                layerRates,
                unfreezing,
                objective,
                augmentation);
    }

    /** The schedule is stretched with the epochs. */
    public Recipe withEpochs(int most) {
        return new Recipe(
                learningRate,
                weightDecay,
                clipNorm,
                batchRows,
                most,
                stopping,
                validationShare,
                schedule.stretched(most / (double) maxEpochs),
                layerRates,
                unfreezing,
                objective,
                augmentation);
    }

    public Recipe withUnfreezing(Unfreezing rule) {
        return new Recipe(
                learningRate,
                weightDecay,
                clipNorm,
                batchRows,
                maxEpochs,
                stopping,
                validationShare,
                schedule,
                layerRates,
                rule,
                objective,
                augmentation);
    }

    public Recipe withObjective(Objective loss) {
        return new Recipe(
                learningRate,
                weightDecay,
                clipNorm,
                batchRows,
                maxEpochs,
                stopping,
                validationShare,
                schedule,
                layerRates,
                unfreezing,
                loss,
                augmentation);
    }

    public Recipe withAugmentation(Augmentation kinds) {
        return new Recipe(
                learningRate,
                weightDecay,
                clipNorm,
                batchRows,
                maxEpochs,
                stopping,
                validationShare,
                schedule,
                layerRates,
                unfreezing,
                objective,
                kinds);
    }
}
