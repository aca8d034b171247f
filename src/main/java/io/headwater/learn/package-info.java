/** The Learner port, and the models that it hands on. */
@NullMarked
package io.headwater.learn;

import org.jspecify.annotations.NullMarked;
