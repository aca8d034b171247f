@NullMarked
package io.headwater.api;

import org.jspecify.annotations.NullMarked;
