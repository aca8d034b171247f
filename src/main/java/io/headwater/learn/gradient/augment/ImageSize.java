package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;

/** The size of an image as rows hold it: channel by channel, line by line. */
public record ImageSize(int channels, int height, int width) {
    public ImageSize {
        Allowed.within("channels", channels, 1, 1_000);
        Allowed.within("height", height, 1, 100_000);
        Allowed.within("width", width, 1, 100_000);
        Allowed.within("values of an image", (long) channels * height * width, 1, Integer.MAX_VALUE);
    }

    /** How many floats an image has. */
    public int values() {
        return channels * height * width;
    }
}
