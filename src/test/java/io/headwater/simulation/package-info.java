/** A machine in memory for deterministic tests: a disk that loses what was not forced, and processes that die. */
@NullMarked
package io.headwater.simulation;

import org.jspecify.annotations.NullMarked;
