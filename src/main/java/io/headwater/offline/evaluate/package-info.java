/** Test-then-train: how good a learner of streams would have been on a recorded one, and its figures. */
@NullMarked
package io.headwater.offline.evaluate;

import org.jspecify.annotations.NullMarked;
