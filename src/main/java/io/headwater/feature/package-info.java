/** Typed event fields to tensors: numeric columns, hashed categories, time of day and weekday, texts and pictures. */
@NullMarked
package io.headwater.feature;

import org.jspecify.annotations.NullMarked;
