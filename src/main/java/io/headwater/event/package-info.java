/** The values that everything else speaks of: events, labels, batches, scores and stream positions. */
@NullMarked
package io.headwater.event;

import org.jspecify.annotations.NullMarked;
