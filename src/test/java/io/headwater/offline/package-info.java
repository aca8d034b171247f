@NullMarked
package io.headwater.offline;

import org.jspecify.annotations.NullMarked;
