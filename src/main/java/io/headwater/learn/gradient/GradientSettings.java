package io.headwater.learn.gradient;

import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.StreamRetention;
import io.headwater.torch.AdamW;

/**
 * How a {@link GradientLearner} learns.
 *
 * @param cut the name of the cut, one of the source model's {@link Anatomy#cuts()}
 * @param learningRate AdamW's step size in the head
 * @param layerRates of the layers under the head; the tabular net's layers all take the head's rate by default
 * @param weightDecay AdamW's decoupled weight decay; biases have none
 * @param clipNorm gradients are scaled down to this global L2 norm
 * @param steps optimizer steps for each mini-batch of at least {@code stepRows} rows; smaller ones earn them in parts
 * @param stepRows the size of mini-batch that earns all its steps; also the fewest rows replayed in a step
 * @param interceptRate step of the running intercept, one for each label; 0 leaves it where the source model put it
 * @param replayRows labelled rows of the past kept for replay; 0 replays nothing
 * @param recentRows the latest labelled rows, kept apart: half of what a step replays comes from them; 0 keeps none
 * @param adaptation how live traffic is aligned with the source, if at all
 * @param retention what keeps the learner from forgetting, beside replay
 * @param kept which labelled rows of the past are kept for replay
 * @param statisticsHalfLife rows after which a feature's statistics have half forgotten a value
 * @param maxRows the most rows of a mini-batch that are learned at once; larger ones are learned in parts
 * @param seed fixes every random choice
 */
public record GradientSettings(
        String cut,
        double learningRate,
        LayerRates layerRates,
        double weightDecay,
        double clipNorm,
        int steps,
        int stepRows,
        double interceptRate,
        int replayRows,
        int recentRows,
        StreamAdaptation adaptation,
        StreamRetention retention,
        Keep kept,
        double statisticsHalfLife,
        int maxRows,
        long seed) {
    public static final GradientSettings DEFAULT = new GradientSettings(
            TabularNet.FEATURES,
            1e-3,
            LayerRates.EQUAL,
            1e-2,
            1,
            2,
            32,
            0.05,
            2048,
            0,
            StreamAdaptation.NONE,
            StreamRetention.NONE,
            Keep.UNIFORM,
            20_000,
            1024,
            1);

    /*
     * Chosen on the first half of SpamAssassin's mail by date after 500 source mails, never on the second
     * (docs/adr/0008): a linear head on MiniLM, labels 60 mails late, rates of .001 to .03 and 2 or 8 steps.
     */
    /** A head alone on a backbone's frozen features: steps cost next to nothing, and a fresh head has far to go. */
    public static final GradientSettings HEAD = new GradientSettings(
            Anatomy.SUFFIX,
            1e-2,
            LayerRates.EQUAL,
            1e-2,
            1,
            8,
            32,
            0.05,
            2048,
            0,
            StreamAdaptation.NONE,
            StreamRetention.NONE,
            Keep.UNIFORM,
            20_000,
            1024,
            1);

    /** A head with the layers under it: those take 5e-5, as in {@link Recipe#FINE_TUNING}. */
    public static final GradientSettings LAYERS = new GradientSettings(
            Anatomy.SUFFIX,
            1e-2,
            new LayerRates(5e-3, 0.8),
            1e-2,
            1,
            2,
            32,
            0.05,
            2048,
            0,
            StreamAdaptation.NONE,
            StreamRetention.NONE,
            Keep.UNIFORM,
            20_000,
            1024,
            1);

    /** The most rows replayed in one step, however large the mini-batch. */
    static final int MAX_REPLAYED = 256;

    public GradientSettings {
        within("learning rate", learningRate, 0, 1);
        within("weight decay", weightDecay, 0, 10);
        within("clip norm", clipNorm, 1e-6, 1e6);
        within("steps", steps, 0, 1_000);
        within("step rows", stepRows, 1, 100_000);
        within("intercept rate", interceptRate, 0, 1);
        within("replay rows", replayRows, 0, 10_000_000);
        within("recent rows", recentRows, 0, 1_000_000);
        within("max rows", maxRows, 1, 1_000_000);
        if (!(statisticsHalfLife > 0)) {
            throw new IllegalArgumentException(
                    "statistics half-life is " + statisticsHalfLife + "; above 0 is allowed");
        }
    }

    private static void within(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(name + " is " + value + "; " + min + " to " + max + " is allowed");
        }
    }

    public GradientSettings withCut(String name) {
        return new GradientSettings(
                name,
                learningRate,
                layerRates,
                weightDecay,
                clipNorm,
                steps,
                stepRows,
                interceptRate,
                replayRows,
                recentRows,
                adaptation,
                retention,
                kept,
                statisticsHalfLife,
                maxRows,
                seed);
    }

    public GradientSettings withAdaptation(StreamAdaptation value) {
        return new GradientSettings(
                cut,
                learningRate,
                layerRates,
                weightDecay,
                clipNorm,
                steps,
                stepRows,
                interceptRate,
                replayRows,
                recentRows,
                value,
                retention,
                kept,
                statisticsHalfLife,
                maxRows,
                seed);
    }

    public GradientSettings withSeed(long value) {
        return new GradientSettings(
                cut,
                learningRate,
                layerRates,
                weightDecay,
                clipNorm,
                steps,
                stepRows,
                interceptRate,
                replayRows,
                recentRows,
                adaptation,
                retention,
                kept,
                statisticsHalfLife,
                maxRows,
                value);
    }

    GradientSettings withRecentRows(int value) {
        return new GradientSettings(
                cut,
                learningRate,
                layerRates,
                weightDecay,
                clipNorm,
                steps,
                stepRows,
                interceptRate,
                replayRows,
                value,
                adaptation,
                retention,
                kept,
                statisticsHalfLife,
                maxRows,
                seed);
    }

    AdamW.Settings optimizer() {
        return new AdamW.Settings(0.9f, 0.999f, (float) weightDecay, (float) clipNorm);
    }

    int replayedInAStep(int newRows) {
        return Math.max(stepRows, Math.min(newRows, MAX_REPLAYED));
    }
}
