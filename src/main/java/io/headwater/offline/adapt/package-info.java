/** Adaptation of a model to another domain, from files. */
@NullMarked
package io.headwater.offline.adapt;

import org.jspecify.annotations.NullMarked;
