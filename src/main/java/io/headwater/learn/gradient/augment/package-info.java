/**
 * Augmentation: labelled rows varied as they could have been, by a seeded generator, in place and without allocation for
 * a row.
 *
 * <p>{@link Mixup} and {@link FeatureMasking} work on any float rows, cached prefix features among them. {@link
 * TokenDropout}, {@link Flip} and {@link RandomCrop} vary what a row was encoded from, so they act before the prefix,
 * which then has to run again in every epoch: they switch the cache of prefix features off. Held-out rows are never
 * varied.
 */
@NullMarked
package io.headwater.learn.gradient.augment;

import org.jspecify.annotations.NullMarked;
