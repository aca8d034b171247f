/** Typed event fields to tensors: numeric columns, hashed categories, time of day and weekday. */
@NullMarked
package io.headwater.feature;

import org.jspecify.annotations.NullMarked;
