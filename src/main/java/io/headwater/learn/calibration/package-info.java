/** Probabilities that come true as often as they say: two numbers on a logit, learned as labels come. */
@NullMarked
package io.headwater.learn.calibration;

import org.jspecify.annotations.NullMarked;
