@NullMarked
package io.headwater.join;

import org.jspecify.annotations.NullMarked;
