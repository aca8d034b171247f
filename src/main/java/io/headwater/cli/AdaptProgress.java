package io.headwater.cli;

import io.headwater.offline.adapt.AdaptWatcher;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Tells how far an adaptation is, by a {@link ProgressBar}. Not thread-safe.
 *
 * @param stopping whether the user wants it to end
 */
record AdaptProgress(ProgressBar bar, BooleanSupplier stopping) implements AdaptWatcher {
    @Override
    public boolean isStopping() {
        return stopping.getAsBoolean();
    }

    @Override
    public void reading(long rows, double share) {
        bar.reading(rows, share);
    }

    @Override
    public void begins(String stage) {
        bar.line(stage + " ...");
    }

    @Override
    public void steps(String training, long done, long of, double loss) {
        bar.show(
                training,
                done / (double) of,
                () -> String.format(Locale.ROOT, "%,d of %,d steps, loss %.4f nats", done, of, loss));
    }
}
