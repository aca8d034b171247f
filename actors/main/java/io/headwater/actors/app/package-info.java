/** The program: its main, and the commands that start actors. */
@NullMarked
package io.headwater.actors.app;

import org.jspecify.annotations.NullMarked;
