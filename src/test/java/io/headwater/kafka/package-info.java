/** Checks on a real broker. */
@NullMarked
package io.headwater.kafka;

import org.jspecify.annotations.NullMarked;
