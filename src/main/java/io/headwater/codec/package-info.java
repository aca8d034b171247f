/** Bytes to events and back; every refusal has a reason. */
@NullMarked
package io.headwater.codec;

import org.jspecify.annotations.NullMarked;
