package io.headwater.event;

/**
 * What turned out to be true of an event.
 *
 * @param value the class, 0 or 1
 * @param timeMs when it became known, milliseconds since the epoch, UTC
 */
public record Label(float value, long timeMs) {
    public Label {
        if (value != 0f && value != 1f) {
            throw new IllegalArgumentException("a label is 0 or 1, not " + value);
        }
    }
}
