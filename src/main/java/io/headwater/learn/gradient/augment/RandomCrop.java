package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import java.nio.FloatBuffer;

/**
 * Pads an image on all sides and cuts its size out again at a random place, which shifts it: He et al., Deep Residual
 * Learning (CVPR 2016), section 4.2. The padding is 0, the mean of normalized channels. Acts before the prefix.
 *
 * @param padding pixels on each side, so the farthest shift
 */
public record RandomCrop(ImageSize size, int padding) {
    public RandomCrop {
        Allowed.within("padding of a crop", padding, 0, Math.min(size.height(), size.width()));
    }

    /** @param at index of the image's first value */
    public void apply(FloatBuffer values, int at, SeededRandom random) {
        int down = random.nextInt(2 * padding + 1) - padding;
        int right = random.nextInt(2 * padding + 1) - padding;
        for (int channel = 0; channel < size.channels(); channel++) {
            shift(values, at + channel * size.height() * size.width(), down, right);
        }
    }

    /** Away from where the values go to, so that none is overwritten before it was read. */
    private void shift(FloatBuffer values, int plane, int down, int right) {
        int height = size.height();
        int width = size.width();
        for (int i = 0; i < height; i++) {
            int y = down > 0 ? height - 1 - i : i;
            int from = y - down;
            for (int j = 0; j < width; j++) {
                int x = right > 0 ? width - 1 - j : j;
                int fromX = x - right;
                boolean inside = from >= 0 && from < height && fromX >= 0 && fromX < width;
                values.put(plane + y * width + x, inside ? values.get(plane + from * width + fromX) : 0f);
            }
        }
    }
}
