/** What happens when in a training: rates that rise and fall, layers that begin to train, the end. */
@NullMarked
package io.headwater.learn.schedule;

import org.jspecify.annotations.NullMarked;
