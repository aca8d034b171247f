package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Makes each row of a batch a mixture of itself and a random other: Zhang et al., mixup: Beyond Empirical Risk
 * Minimization (ICLR 2018). One drawing holds for all tensors of the batch and for its labels. Rows of int64 tensors
 * (tokens, categories, an attention mask) cannot be mixed: a batch that has one is to be refused.
 */
public final class Mixup {
    private final double alpha;
    private final int[] partners;
    private final float[] shares;
    private final boolean[] done;
    private int rows;

    /**
     * @param alpha of the Beta(α, α) that the shares are drawn from: the smaller, the more rows stay almost as they are
     * @param capacity the most rows of a batch
     */
    public Mixup(double alpha, int capacity) {
        checkAlpha(alpha);
        Allowed.within("capacity", capacity, 1, 10_000_000);
        this.alpha = alpha;
        this.partners = new int[capacity];
        this.shares = new float[capacity];
        this.done = new boolean[capacity];
    }

    static void checkAlpha(double alpha) {
        Allowed.within("alpha of mixup", alpha, 0.01, 100);
    }

    /** Draws a partner and a share for each of {@code count} rows. */
    public void draw(int count, SeededRandom random) {
        Allowed.within("rows to mix", count, 0, partners.length);
        rows = count;
        for (int i = 0; i < count; i++) {
            partners[i] = i;
            shares[i] = (float) share(random);
        }
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = partners[i];
            partners[i] = partners[j];
            partners[j] = kept;
        }
    }

    /** The row that {@code row} is mixed with; perhaps itself. Each row is the partner of exactly one. */
    public int partner(int row) {
        return partners[row];
    }

    /** What {@code row} keeps of itself, in {@code [0, 1]}. */
    public float share(int row) {
        return shares[row];
    }

    /**
     * Mixes the rows of a tensor as {@link #draw} said.
     *
     * @param values row-major, the batch from index 0 on
     * @param width elements of a row
     * @param spare room for one row
     */
    public void apply(FloatBuffer values, int width, float[] spare) {
        Arrays.fill(done, 0, rows, false);
        for (int start = 0; start < rows; start++) {
            if (!done[start] && partners[start] != start) {
                mixCycle(values, width, start, spare);
            }
        }
    }

    /** Partners form cycles; along one, only its first row is still needed after it was written. */
    private void mixCycle(FloatBuffer values, int width, int start, float[] spare) {
        values.get(start * width, spare, 0, width);
        int row = start;
        while (partners[row] != start) {
            int from = partners[row] * width;
            for (int i = 0, at = row * width; i < width; i++, at++) {
                values.put(at, mixed(values.get(at), values.get(from + i), shares[row]));
            }
            done[row] = true;
            row = partners[row];
        }
        for (int i = 0, at = row * width; i < width; i++, at++) {
            values.put(at, mixed(values.get(at), spare[i], shares[row]));
        }
        done[row] = true;
    }

    private static float mixed(float own, float other, float share) {
        return share * own + (1 - share) * other;
    }

    /** From Beta(α, α), as the ratio of two gammas; in logarithms, where small alphas underflow. */
    private double share(SeededRandom random) {
        double first = logGamma(random);
        return 1 / (1 + StrictMath.exp(logGamma(random) - first));
    }

    /** Logarithm of a draw from Gamma(α, 1): Marsaglia & Tsang, A Simple Method for Generating Gamma Variables (2000). */
    private double logGamma(SeededRandom random) {
        double d = alpha + 1 - 1 / 3.0; // of α + 1, which the uniform below takes back to α
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double root = 1 + c * normal;
            double v = root * root * root;
            double log = StrictMath.log(1 - random.nextDouble());
            if (root > 0 && log < normal * normal / 2 + d - d * v + d * StrictMath.log(v)) {
                return StrictMath.log(d * v) + StrictMath.log(1 - random.nextDouble()) / alpha;
            }
        }
    }
}
