/** The model that scores, and its exchange for the next one while scores are in flight. */
@NullMarked
package io.headwater.serve;

import org.jspecify.annotations.NullMarked;
