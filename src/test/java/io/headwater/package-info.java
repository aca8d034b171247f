/** Checks that concern every room. */
@NullMarked
package io.headwater;

import org.jspecify.annotations.NullMarked;
