/** Tests against containers; they need a Docker engine. */
@NullMarked
package io.headwater.containers;

import org.jspecify.annotations.NullMarked;
