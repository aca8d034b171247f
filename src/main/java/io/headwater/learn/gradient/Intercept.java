package io.headwater.learn.gradient;

/**
 * The running intercept: one number that is added to every score and follows the stream's base rate within a few dozen
 * labels, so that the weights, which learn slowly, need not. Each labelled row keeps the value that it met, and is
 * learned against that, now and at every replay: without it the weights chase a level that has long moved on.
 */
final class Intercept {
    private final float rate;
    private float value;

    Intercept(float value, float rate) {
        this.value = value;
        this.rate = rate;
    }

    float value() {
        return value;
    }

    void restore(float restored) {
        value = restored;
    }

    /** Takes one label in: a step of stochastic gradient descent on its log loss. */
    void learn(float score, float label) {
        double moved = value - rate * (LogLoss.sigmoid(score + value) - label);
        if (Double.isFinite(moved)) {
            value = (float) moved;
        }
    }
}
