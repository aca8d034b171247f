package io.headwater.cli;

import io.headwater.learn.Allowed;
import io.headwater.learn.gradient.LayerRates;
import io.headwater.learn.gradient.Objective;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.learn.schedule.Decay;
import io.headwater.learn.schedule.EarlyStopping;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.learn.schedule.Unfreezing;
import io.headwater.offline.ClassWeights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to train, as options: each one that is given changes the recipe that fits the model. */
final class RecipeOptions {
    private static final Pattern EVERY = Pattern.compile("every:(\\d{1,6})");
    private static final Pattern STALL = Pattern.compile("stall(?::(\\d{1,6}))?");
    private static final Pattern STEP = Pattern.compile("step:([0-9.eE-]+):([0-9.eE-]+)");
    private static final double STEPS_IN_ALL = 3;
    private static final double STEP_FACTOR = 0.1;

    @Option(names = "--epochs", paramLabel = "N", description = "The most passes over the training rows.")
    private @Nullable Integer epochs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "End after so many passes without a better validation loss.")
    private @Nullable Integer patience;

    @Option(names = "--batch", paramLabel = "ROWS", description = "Rows of a mini-batch.")
    private @Nullable Integer batch;

    @Option(names = "--learning-rate", paramLabel = "X", description = "AdamW's step size in the head.")
    private @Nullable Double learningRate;

    @Option(
            names = "--backbone-factor",
            paramLabel = "X",
            description = "Share of the learning rate that the top layer under the head takes.")
    private @Nullable Double backboneFactor;

    @Option(
            names = "--layer-decay",
            paramLabel = "X",
            description = "Share of a layer's learning rate that the layer below it takes.")
    private @Nullable Double layerDecay;

    @Option(names = "--warm-up", paramLabel = "EPOCHS", description = "Passes until the full learning rate.")
    private @Nullable Double warmUp;

    @Option(
            names = "--decay",
            paramLabel = "KIND",
            description = "How the learning rate falls: constant, cosine, step or step:EPOCHS:FACTOR.")
    private @Nullable String decay;

    @Option(names = "--weight-decay", paramLabel = "X", description = "AdamW's decoupled weight decay.")
    private @Nullable Double weightDecay;

    @Option(names = "--clip-norm", paramLabel = "X", description = "The largest norm of a gradient.")
    private @Nullable Double clipNorm;

    @Option(
            names = "--unfreeze",
            paramLabel = "RULE",
            description = "When layers under the head begin to train: head-first (once the head is as good as it gets),"
                    + " none (all at once), every:EPOCHS, or stall[:N] (one more when N passes brought nothing"
                    + " better).")
    private @Nullable String unfreeze;

    @Option(
            names = "--class-weights",
            paramLabel = "WEIGHTS",
            description = "balanced, or what a row of a class counts: spam=2,ham=1.")
    private @Nullable String classWeights;

    @Option(names = "--focal", paramLabel = "GAMMA", description = "Focal loss; 2 is usual.")
    private @Nullable Double focal;

    @Option(names = "--smoothing", paramLabel = "X", description = "Label smoothing; 0.1 is usual.")
    private @Nullable Double smoothing;

    @Option(names = "--mixup", paramLabel = "ALPHA", description = "Mix rows and their labels; 0.2 is usual.")
    private @Nullable Double mixup;

    @Option(names = "--feature-mask", paramLabel = "P", description = "Set features to 0 with this probability.")
    private @Nullable Double featureMask;

    @Option(names = "--token-dropout", paramLabel = "P", description = "Hide tokens of a text with this probability.")
    private @Nullable Double tokenDropout;

    @Option(names = "--flip", paramLabel = "P", description = "Mirror pictures with this probability.")
    private @Nullable Double flip;

    @Option(names = "--crop", paramLabel = "PIXELS", description = "Shift pictures by up to so many pixels.")
    private @Nullable Integer crop;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "Share of the rows that is held out: the same of each class, or the last with --by-time.")
    private @Nullable Double validation;

    /**
     * The recipe with what was asked for.
     *
     * @throws IllegalArgumentException if a value is not allowed
     */
    Recipe change(Recipe recipe) {
        if (epochs != null) {
            // Before what else would be wrong of none: the length of the decay.
            Allowed.within("--epochs", epochs, 1, 1_000_000);
        }
        Recipe base = epochs == null ? recipe : recipe.withEpochs(epochs);
        Objective objective = base.objective();
        Augmentation kinds = base.augmentation();
        LayerRates rates = base.layerRates();
        return new Recipe(
                or(learningRate, base.learningRate()),
                or(weightDecay, base.weightDecay()),
                or(clipNorm, base.clipNorm()),
                or(batch, base.batchRows()),
                base.maxEpochs(),
                new EarlyStopping(
                        or(patience, base.stopping().patience()),
                        base.stopping().minGain()),
                or(validation, base.validationShare()),
                schedule(base),
                new LayerRates(or(backboneFactor, rates.backboneFactor()), or(layerDecay, rates.layerDecay())),
                unfreeze == null ? base.unfreezing() : unfreezing(unfreeze),
                new Objective(
                        or(focal, objective.focusing()),
                        or(smoothing, objective.smoothing()),
                        objective.classWeights()),
                new Augmentation(
                        or(mixup, kinds.mixup()),
                        or(featureMask, kinds.featureMasking()),
                        or(tokenDropout, kinds.tokenDropout()),
                        or(flip, kinds.flip()),
                        or(crop, kinds.cropPadding())));
    }

    private static double or(@Nullable Double asked, double otherwise) {
        return asked == null ? otherwise : asked;
    }

    private static int or(@Nullable Integer asked, int otherwise) {
        return asked == null ? otherwise : asked;
    }

    private RateSchedule.InEpochs schedule(Recipe base) {
        double rise = or(warmUp, base.schedule().warmUp());
        double left = Math.max(1, base.maxEpochs() - rise);
        Decay fall = base.schedule().decay();
        if (decay != null) {
            fall = decay(decay, left);
        } else if (warmUp != null && fall instanceof Decay.Cosine cosine) {
            fall = new Decay.Cosine(left, cosine.floor());
        }
        return new RateSchedule.InEpochs(rise, fall);
    }

    private static Decay decay(String words, double epochs) {
        Matcher step = STEP.matcher(words);
        if (step.matches()) {
            return new Decay.Stairs(number("--decay", step.group(1)), number("--decay", step.group(2)));
        }
        return switch (words) {
            case "constant" -> new Decay.Constant();
            case "cosine" -> new Decay.Cosine(epochs, 0);
            case "step" -> new Decay.Stairs(epochs / STEPS_IN_ALL, STEP_FACTOR);
            default ->
                throw new IllegalArgumentException(
                        "--decay is '" + words + "'; allowed are constant, cosine, step and step:EPOCHS:FACTOR");
        };
    }

    private static Unfreezing unfreezing(String words) {
        Matcher every = EVERY.matcher(words);
        Matcher stall = STALL.matcher(words);
        if (words.equals("none")) {
            return new Unfreezing.AtOnce();
        } else if (words.equals("head-first")) {
            return new Unfreezing.HeadFirst();
        } else if (every.matches()) {
            return new Unfreezing.EveryEpochs(Integer.parseInt(every.group(1)));
        } else if (stall.matches()) {
            return new Unfreezing.WhenStalled(stall.group(1) == null ? 1 : Integer.parseInt(stall.group(1)));
        }
        throw new IllegalArgumentException(
                "--unfreeze is '" + words + "'; allowed are head-first, none, every:EPOCHS, stall and stall:N");
    }

    /** @throws IllegalArgumentException if they are not written as they should be */
    ClassWeights classWeights() {
        if (classWeights == null) {
            return new ClassWeights.Equal();
        } else if (classWeights.equals("balanced")) {
            return new ClassWeights.Balanced();
        }
        Map<String, Double> weights = new LinkedHashMap<>();
        for (String pair : List.of(classWeights.split(",", -1))) {
            int equals = pair.lastIndexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--class-weights is '" + classWeights
                        + "'; allowed are balanced and CLASS=WEIGHT, separated by commas");
            }
            weights.put(pair.substring(0, equals), number("--class-weights", pair.substring(equals + 1)));
        }
        return new ClassWeights.Named(weights);
    }

    private static double number(String option, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " has '" + text + "' where a number belongs", e);
        }
    }
}
