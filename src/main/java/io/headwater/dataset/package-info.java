/** Recorded data as streams and tables: the flights of the demo. */
@NullMarked
package io.headwater.dataset;

import org.jspecify.annotations.NullMarked;
