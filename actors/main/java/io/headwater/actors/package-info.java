/** The imperative shell: one actor for each stage, routing and effects only. */
@NullMarked
package io.headwater.actors;

import org.jspecify.annotations.NullMarked;
