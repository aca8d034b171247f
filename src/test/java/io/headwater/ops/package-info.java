/** Checks of what operators get: the dashboard, the alert rules, the image. */
@NullMarked
package io.headwater.ops;

import org.jspecify.annotations.NullMarked;
