/** The gradient learner: a source model developed offline, cut, and fine-tuned on the stream. */
@NullMarked
package io.headwater.learn.gradient;

import org.jspecify.annotations.NullMarked;
