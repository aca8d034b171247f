package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import java.nio.FloatBuffer;

/**
 * Mirrors an image left to right: Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks
 * (NeurIPS 2012). Not for images whose sides mean something, such as digits. Acts before the prefix.
 *
 * @param probability of each image
 */
public record Flip(ImageSize size, double probability) {
    public Flip {
        Allowed.within("probability of a flip", probability, 0, 1);
    }

    /** @param at index of the image's first value */
    public void apply(FloatBuffer values, int at, SeededRandom random) {
        if (random.nextDouble() < probability) {
            for (int line = 0; line < size.channels() * size.height(); line++) {
                mirror(values, at + line * size.width());
            }
        }
    }

    private void mirror(FloatBuffer values, int from) {
        for (int left = from, right = from + size.width() - 1; left < right; left++, right--) {
            float kept = values.get(left);
            values.put(left, values.get(right));
            values.put(right, kept);
        }
    }
}
