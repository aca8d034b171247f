/** Commands that need no actors. */
@NullMarked
package io.headwater.cli;

import org.jspecify.annotations.NullMarked;
