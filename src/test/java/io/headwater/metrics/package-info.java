@NullMarked
package io.headwater.metrics;

import org.jspecify.annotations.NullMarked;
