package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;

/** Logistic loss of logits, in nats. */
final class LogLoss {
    private LogLoss() {}

    /** The mean over all rows, as a differentiable scalar. */
    static NDArray mean(NDArray logits, NDArray labels) {
        return logits.getNDArrayInternal().softPlus().sub(labels.mul(logits)).mean();
    }

    /** The loss of one logit; exact for large ones too. */
    static double of(double logit, double label) {
        return Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)));
    }

    static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
