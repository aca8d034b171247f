/** Studies of domain adaptation and retention. */
@NullMarked
package io.headwater.bench.adapt;

import org.jspecify.annotations.NullMarked;
