/** Measurements of whole parts on real models; none of it ships. */
@NullMarked
package io.headwater.bench;

import org.jspecify.annotations.NullMarked;
