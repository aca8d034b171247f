/** Detectors of change in a stream, each with a stated budget of false alarms; an alarm is a value. */
@NullMarked
package io.headwater.drift;

import org.jspecify.annotations.NullMarked;
