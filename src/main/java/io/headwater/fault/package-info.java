/** Named places where a test may stop the process in the middle of its work. */
@NullMarked
package io.headwater.fault;

import org.jspecify.annotations.NullMarked;
