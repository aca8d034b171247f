/** Learners of streams beside their peers, on the same rows; none of it ships, and what calls MOA is not distributed. */
@NullMarked
package io.headwater.bench.streams;

import org.jspecify.annotations.NullMarked;
