/** How strange a row is among those that came before it, learned without labels. */
@NullMarked
package io.headwater.learn.anomaly;

import org.jspecify.annotations.NullMarked;
