package io.headwater.offline;

import io.headwater.backbone.FrozenPart;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowLayout;
import io.headwater.learn.gradient.TrainingRows;
import java.util.Arrays;

/**
 * A fit's rows behind the frozen part: made once and kept, or, where what goes into it is varied, made again each time
 * that they are trained on. Held-out rows are always kept.
 */
final class FitRows implements TrainingRows, AutoCloseable {
    private static final int ROWS_AT_ONCE = 64;

    private final Examples examples;
    private final VariedEncoder encoder;
    private final Featurizer featurizer;
    private final FeatureCache cache;
    private final int[] places;

    /**
     * @param kept rows to be kept, in rising order
     * @throws StoppedException if the watcher ends it
     */
    FitRows(
            Examples examples,
            FrozenPart frozen,
            VariedEncoder encoder,
            int[] kept,
            MappedMemory memory,
            FitWatcher watcher) {
        this.examples = examples;
        this.encoder = encoder;
        this.places = new int[examples.rows()];
        this.cache = new FeatureCache(frozen.layout(), kept.length, memory);
        this.featurizer = frozen.repeatable(ROWS_AT_ONCE);
        Arrays.fill(places, -1);
        try {
            keep(kept, watcher);
        } catch (RuntimeException e) {
            featurizer.close();
            throw e;
        }
    }

    private void keep(int[] kept, FitWatcher watcher) {
        for (int from = 0; from < kept.length; from += ROWS_AT_ONCE) {
            int count = Math.min(ROWS_AT_ONCE, kept.length - from);
            make(kept, from, count);
            cache.add(featurizer.batch());
            for (int i = from; i < from + count; i++) {
                places[kept[i]] = i;
            }
            watcher.features(from + count, kept.length);
            if (watcher.isStopping()) {
                throw new StoppedException("stopped before the training began; nothing was written");
            }
        }
    }

    private void make(int[] rows, int from, int count) {
        featurizer.clear();
        for (int i = from; i < from + count; i++) {
            featurizer.add(examples.event(rows[i]));
        }
        featurizer.run();
    }

    @Override
    public RowLayout layout() {
        return cache.layout();
    }

    @Override
    public int size() {
        return examples.rows();
    }

    @Override
    public int label(int row) {
        return examples.label(row);
    }

    @Override
    public void copyTo(FeatureBatch batch, int[] order, int from, int count, boolean varied) {
        int done = 0;
        while (done < count) {
            if (places[order[from + done]] >= 0) {
                cache.copyRow(places[order[from + done]], batch);
                done++;
            } else {
                done += run(batch, order, from + done, count - done, varied);
            }
        }
    }

    /** Rows that are not kept, as far as the next one that is. */
    private int run(FeatureBatch batch, int[] order, int from, int most, boolean varied) {
        int count = 1;
        while (count < Math.min(most, ROWS_AT_ONCE) && places[order[from + count]] < 0) {
            count++;
        }
        encoder.vary(varied);
        make(order, from, count);
        encoder.vary(false);
        for (int row = 0; row < count; row++) {
            batch.copyRow(featurizer.batch(), row);
        }
        return count;
    }

    /** Plain copies of rows, each as it is without variation. */
    FeatureBatch copies(int[] rows) {
        FeatureBatch copies = new FeatureBatch(layout(), Math.max(1, rows.length));
        copyTo(copies, rows, 0, rows.length, false);
        return copies;
    }

    @Override
    public void close() {
        featurizer.close();
    }
}
