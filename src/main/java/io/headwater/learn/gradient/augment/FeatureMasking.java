package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import java.nio.FloatBuffer;

/**
 * Sets float features to 0, which is their mean once they are scaled: Vincent et al., Extracting and Composing Robust
 * Features with Denoising Autoencoders (ICML 2008). What is left is not scaled up, as dropout would: a missing field is
 * 0 too when the model serves.
 *
 * @param probability of each feature of each row
 */
public record FeatureMasking(double probability) {
    public FeatureMasking {
        Allowed.below("probability of masking a feature", probability, 0, 1);
    }

    /** @param count how many values from index {@code from} on */
    public void apply(FloatBuffer values, int from, int count, SeededRandom random) {
        for (int i = from; i < from + count; i++) {
            if (random.nextDouble() < probability) {
                values.put(i, 0f);
            }
        }
    }
}
