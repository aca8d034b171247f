package io.headwater.learn.retain;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Allowed;
import io.headwater.torch.Numbers;

/**
 * Learning without forgetting: how far the model's softened predictions are from those of its previous version on the
 * same rows. The Kullback-Leibler divergence in nats times the squared temperature; 0 where they agree.
 *
 * @param temperature what logits are divided by, at least 1
 */
public record Distillation(double temperature) {
    /*
     * Li & Hoiem, Learning without Forgetting (ECCV 2016), equations 2 and 3, temperature 2; the form and the factor T^2,
     * which keeps the gradient's size at any temperature, of Hinton et al., Distilling the Knowledge in a Neural
     * Network (2015).
     */
    public static final Distillation USUAL = new Distillation(2);

    public Distillation {
        Allowed.within("the temperature of distillation", temperature, 1, 100);
    }

    /**
     * The mean over rows, differentiable in {@code logits}; the teacher's are constants.
     *
     * @param logits {@code [rows]} of one logit, or {@code [rows, classes]}
     * @param teacher of the previous version on the same rows, of the same shape
     */
    public NDArray loss(NDArray logits, NDArray teacher) {
        boolean single = logits.getShape().dimension() == 1;
        NDArray student = Numbers.over(logits, (float) temperature);
        NDArray kept = Numbers.over(teacher.stopGradient(), (float) temperature);
        NDArray divergence = single ? ofOne(student, kept) : ofMany(student, kept);
        float rows = logits.getShape().get(0);
        return Numbers.times(divergence, (float) (temperature * temperature) / rows);
    }

    private static NDArray ofMany(NDArray student, NDArray teacher) {
        NDArray wanted = teacher.logSoftmax(-1);
        return wanted.exp().mul(wanted.sub(student.logSoftmax(-1))).sum();
    }

    /** Cross-entropy of one logit is softplus(z) - p z; the teacher's own entropy is taken off. */
    private static NDArray ofOne(NDArray student, NDArray teacher) {
        NDArray p = teacher.getNDArrayInternal().sigmoid();
        NDArray cross = student.getNDArrayInternal().softPlus().sub(p.mul(student));
        NDArray entropy = teacher.getNDArrayInternal().softPlus().sub(p.mul(teacher));
        return cross.sub(entropy).sum();
    }
}
