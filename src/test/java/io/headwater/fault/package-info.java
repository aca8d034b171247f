/** Tests of the places where a process may be killed. */
@NullMarked
package io.headwater.fault;

import org.jspecify.annotations.NullMarked;
