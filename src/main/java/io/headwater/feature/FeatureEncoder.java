package io.headwater.feature;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** Turns events into rows of a {@link FeatureBatch}, without allocating. Holds no state: safe to share. */
public final class FeatureEncoder implements RowEncoder {
    private static final long DAY_MS = 86_400_000L;
    /** 1970-01-01 was a Thursday; Monday is day 0. */
    private static final int EPOCH_WEEKDAY = 3;

    private final FeatureSchema schema;
    private final RowLayout rows;
    private final CategoryHasher[] hashers;
    private final long[] weekdays;

    public FeatureEncoder(FeatureSchema schema) {
        this.schema = schema;
        this.rows = schema.rows();
        this.hashers = schema.layout().categorical().stream()
                .map(field -> new CategoryHasher(field, schema.buckets()))
                .toArray(CategoryHasher[]::new);
        CategoryHasher weekday = new CategoryHasher(FeatureSchema.WEEKDAY, schema.buckets());
        this.weekdays = new long[7];
        for (int day = 0; day < 7; day++) {
            weekdays[day] = weekday.bucket(Integer.toString(day));
        }
    }

    @Override
    public RowLayout layout() {
        return rows;
    }

    @Override
    public void encode(Event event, FeatureBatch batch) {
        EventLayout layout = schema.layout();
        if (event.numeric().length != layout.numeric().size()
                || event.categorical().length != layout.categorical().size()) {
            // A short one would leave a column as an earlier row had it.
            throw new IllegalArgumentException("event '" + event.id() + "' has " + event.numeric().length
                    + " numeric and " + event.categorical().length + " categorical fields, its layout "
                    + layout.numeric().size() + " and " + layout.categorical().size());
        }
        int row = batch.nextRow();
        numeric(event, batch.numeric(), row * batch.numericWidth());
        categorical(event, batch.categorical(), row * batch.categoricalWidth());
    }

    private void numeric(Event event, FloatBuffer out, int at) {
        float[] values = event.numeric();
        out.put(at, values);
        if (schema.timeOfDay()) {
            double angle = 2 * Math.PI * Math.floorMod(event.timeMs(), DAY_MS) / DAY_MS;
            out.put(at + values.length, (float) Math.sin(angle));
            out.put(at + values.length + 1, (float) Math.cos(angle));
        }
    }

    private void categorical(Event event, LongBuffer out, int at) {
        @Nullable String[] values = event.categorical();
        for (int i = 0; i < hashers.length; i++) {
            out.put(at + i, hashers[i].bucket(values[i]));
        }
        if (schema.weekday()) {
            long days = Math.floorDiv(event.timeMs(), DAY_MS);
            out.put(at + hashers.length, weekdays[(int) Math.floorMod(days + EPOCH_WEEKDAY, 7L)]);
        }
    }
}
