/** Training a net on labelled rows of one domain so that it holds in another, whose rows have no labels. */
@NullMarked
package io.headwater.learn.adapt.training;

import org.jspecify.annotations.NullMarked;
