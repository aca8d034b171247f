/** Learners that are solved, not stepped: the order in which rows come does not matter, and parts can be merged. */
@NullMarked
package io.headwater.learn.exact;

import org.jspecify.annotations.NullMarked;
