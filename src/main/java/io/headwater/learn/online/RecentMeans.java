package io.headwater.learn.online;

import io.headwater.learn.StateReader;

/** Means of several values that forget: an observation counts half after each of some half-lives. */
final class RecentMeans {
    private final float[] steps;
    private final int values;
    private final float[] means;

    /** @param halfLives in observations, as many of them as {@code count} */
    RecentMeans(double[] halfLives, int count, int values) {
        this.steps = new float[count];
        for (int i = 0; i < count; i++) {
            steps[i] = (float) (1 - Math.pow(0.5, 1 / halfLives[i]));
        }
        this.values = values;
        this.means = new float[count * values];
    }

    /** {@code [half-lives, values]}, 0 at first. */
    float[] means() {
        return means;
    }

    /** Takes a finite value in. */
    void observe(int value, float observed) {
        for (int i = 0, at = value; i < steps.length; i++, at += values) {
            float moved = means[at] + steps[i] * (observed - means[at]);
            // The difference of two floats of opposite signs may be more than a float can say.
            means[at] =
                    Float.isFinite(moved) ? moved : (float) (means[at] + steps[i] * ((double) observed - means[at]));
        }
    }

    /** Begins at a finite value. */
    void begin(int value, float observed) {
        for (int i = 0, at = value; i < steps.length; i++, at += values) {
            means[at] = observed;
        }
    }

    void write(StateSink out) {
        out.reals(means);
    }

    void restore(StateReader in) {
        float[] saved = in.reals(means.length);
        System.arraycopy(saved, 0, means, 0, means.length);
    }

    long bytes() {
        return (long) means.length * Float.BYTES;
    }
}
