/** Settings from one HOCON file: every key has a default, every wrong key or value stops the start with its path. */
@NullMarked
package io.headwater.config;

import org.jspecify.annotations.NullMarked;
