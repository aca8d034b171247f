package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Allowed;
import io.headwater.torch.Numbers;
import java.util.Arrays;
import java.util.List;

/**
 * What training makes small: cross-entropy of logits in nats, with focusing, smoothed labels and class weights.
 *
 * @param focusing the γ of focal loss: a class that already has probability {@code p} counts {@code (1-p)^γ}; 0 is plain
 *     cross-entropy
 * @param smoothing share of each label that is spread evenly over all classes
 * @param classWeights what a row of each class counts, class 0 first; empty where all count alike
 */
public record Objective(double focusing, double smoothing, List<Double> classWeights) {
    /*
     * With targets a[row, class], which hold everything but the logits (TargetRows: label, smoothing, class weight, row
     * weight, mixing), the loss is
     *
     *     sum a[r, k] (1 - p[r, k])^γ (-log p[r, k])  /  sum a[r, k]
     *
     * so that weights change what counts, not how long a step is.
     *
     * 1. Lin et al., Focal Loss for Dense Object Detection (ICCV 2017); their α is a class weight here.
     * 2. Szegedy et al., Rethinking the Inception Architecture (CVPR 2016), section 7: label smoothing.
     *
     * Of one logit z: -log p = softplus(-z) = softplus(z) - z, and 1-p = sigmoid(-z) = exp(-softplus(z)), exact for
     * large ones too. Of K logits, log-softmax; 1-p is kept off 0, which has no logarithm.
     */
    private static final float LEAST_REST = 1e-7f;
    private static final int MAX_CLASSES = 100_000;

    public static final Objective CROSS_ENTROPY = new Objective(0, 0, List.of());

    public Objective {
        Allowed.within("focusing (gamma of focal loss)", focusing, 0, 10);
        Allowed.below("label smoothing", smoothing, 0, 1);
        classWeights = List.copyOf(classWeights);
        if (classWeights.size() == 1 || classWeights.size() > MAX_CLASSES) {
            throw new IllegalArgumentException("there are " + classWeights.size()
                    + " class weights; none, or one for each of 2 to " + MAX_CLASSES + " classes is allowed");
        }
        classWeights.forEach(weight -> Allowed.within("a class weight", weight, 0, 1e6));
        if (!classWeights.isEmpty() && classWeights.stream().allMatch(weight -> weight == 0)) {
            throw new IllegalArgumentException("all class weights are 0; at least one above 0 is needed");
        }
    }

    public Objective withClassWeights(List<Double> weights) {
        return new Objective(focusing, smoothing, weights);
    }

    /**
     * Class weights that give each class the same sum: {@code rows / (classes · rows of the class)}, as King & Zeng,
     * Logistic Regression in Rare Events Data (2001); 0 for a class without rows.
     *
     * @param rows of each class
     */
    public static List<Double> balanced(long[] rows) {
        double sum = 0;
        for (long count : rows) {
            sum += count;
        }
        double each = sum / rows.length;
        return Arrays.stream(rows)
                .mapToObj(count -> count == 0 ? 0.0 : each / count)
                .toList();
    }

    /**
     * Room for the targets of a batch.
     *
     * @param classes 2 where the model has one logit
     */
    public TargetRows targets(int capacity, int classes) {
        return new TargetRows(this, capacity, classes);
    }

    /**
     * The loss as a differentiable scalar; not a number where no row counts.
     *
     * @param logits {@code [rows]} of a model with one logit, or {@code [rows, classes]}
     * @param targets {@code [rows, classes]} as {@link TargetRows#tensor} gives them, two classes for one logit
     */
    public NDArray loss(NDArray logits, NDArray targets) {
        boolean single = logits.getShape().dimension() == 1;
        NDArray sum = single ? ofOne(logits, targets) : ofMany(logits, targets);
        return sum.div(targets.sum());
    }

    private NDArray ofOne(NDArray logits, NDArray targets) {
        NDArray surpriseOf0 = logits.getNDArrayInternal().softPlus();
        NDArray surpriseOf1 = surpriseOf0.sub(logits);
        NDArray loss1 = focused(surpriseOf1, surpriseOf0).mul(targets.get(":, 1"));
        NDArray loss0 = focused(surpriseOf0, surpriseOf1).mul(targets.get(":, 0"));
        return loss1.add(loss0).sum();
    }

    /** Surprise of a class in nats, times the other's probability to the power of γ. */
    private NDArray focused(NDArray surprise, NDArray other) {
        return focusing == 0
                ? surprise
                : surprise.mul(Numbers.times(other, (float) -focusing).exp());
    }

    private NDArray ofMany(NDArray logits, NDArray targets) {
        NDArray logProbability = logits.logSoftmax(-1);
        NDArray weighted = targets.mul(logProbability);
        if (focusing > 0) {
            NDArray rest = Numbers.plus(Numbers.times(logProbability.exp(), LEAST_REST - 1), 1);
            weighted = weighted.mul(Numbers.times(rest.log(), (float) focusing).exp());
        }
        return weighted.sum().neg();
    }
}
