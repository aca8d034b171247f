/** Names that a user may have meant; every room that checks what a user wrote may ask it. */
@NullMarked
package io.headwater.spelling;

import org.jspecify.annotations.NullMarked;
