package io.headwater.feature;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Puts the numeric fields into one float tensor as they are, for a backbone that brings its own scaling. A missing
 * value is 0.
 */
public final class NumericEncoder implements RowEncoder {
    private final RowLayout layout;
    private final int width;

    /** @param input what the backbone calls its tensor */
    public NumericEncoder(EventLayout fields, String input) {
        this.width = fields.numeric().size();
        this.layout = new RowLayout(
                List.of(new RowTensor(
                        input, RowTensor.Element.FLOAT, List.of(width), fields.numeric(), Long.MAX_VALUE)),
                "as they are");
    }

    @Override
    public RowLayout layout() {
        return layout;
    }

    @Override
    public void encode(Event event, FeatureBatch batch) {
        float[] values = event.numeric();
        if (values.length != width) {
            throw new IllegalArgumentException(
                    "event '" + event.id() + "' has " + values.length + " numeric fields, its layout " + width);
        }
        FloatBuffer out = batch.floats(0);
        int at = batch.nextRow() * width;
        for (int i = 0; i < width; i++) {
            out.put(at + i, Float.isNaN(values[i]) ? 0 : values[i]);
        }
    }
}
