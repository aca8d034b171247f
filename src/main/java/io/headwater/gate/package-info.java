/** Prequential records of champion, challenger and frozen model, and the verdict on a candidate. */
@NullMarked
package io.headwater.gate;

import org.jspecify.annotations.NullMarked;
