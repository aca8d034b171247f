@NullMarked
package io.headwater.serve;

import org.jspecify.annotations.NullMarked;
