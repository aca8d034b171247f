/** Retention: what keeps a learner from forgetting. */
@NullMarked
package io.headwater.learn.retain;

import org.jspecify.annotations.NullMarked;
