/** What the events of one key say about the next: velocity features, in state that stays bounded. */
@NullMarked
package io.headwater.join;

import org.jspecify.annotations.NullMarked;
