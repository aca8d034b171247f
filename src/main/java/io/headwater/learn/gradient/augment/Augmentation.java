package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;

/**
 * Which kinds of augmentation a training uses, and how strongly; 0 leaves one out.
 *
 * @param mixup α of {@link Mixup}, 0 or 0.01 to 100
 * @param featureMasking probability of {@link FeatureMasking}
 * @param tokenDropout probability of {@link TokenDropout}; text only
 * @param flip probability of {@link Flip}; images only
 * @param cropPadding pixels of {@link RandomCrop}; images only
 */
public record Augmentation(double mixup, double featureMasking, double tokenDropout, double flip, int cropPadding) {
    public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, 0);

    public Augmentation {
        if (mixup != 0) {
            Mixup.checkAlpha(mixup);
        }
        Allowed.below("probability of masking a feature", featureMasking, 0, 1);
        Allowed.below("probability of dropping a token", tokenDropout, 0, 1);
        Allowed.within("probability of a flip", flip, 0, 1);
        Allowed.within("padding of a crop", cropPadding, 0, 100_000);
    }

    /** Whether it changes what goes into the prefix: then prefix features differ in every epoch and cannot be cached. */
    public boolean isBeforePrefix() {
        return tokenDropout > 0 || flip > 0 || cropPadding > 0;
    }
}
