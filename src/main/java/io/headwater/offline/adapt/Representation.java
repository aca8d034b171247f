package io.headwater.offline.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.CoralRecolouring;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.gradient.TrainingRows;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The rows of two domains as a net reads them: their columns, and perhaps the features of an autoencoder behind them.
 *
 * @param columns width of a row
 * @param squaredNorm of a source row, on average
 * @param layers of the autoencoder, none where there is none
 */
public record Representation(
        Domains domains,
        List<Msda.Layer> layers,
        int columns,
        double squaredNorm,
        TrainingRows source,
        TrainingRows target,
        TrainingRows test) {
    public Representation {
        layers = List.copyOf(layers);
    }

    /** The columns as they are. */
    public static Representation plain(Domains domains) {
        float[] none = new float[0];
        return of(domains, List.of(), none, none, none);
    }

    /**
     * The columns and behind them the layers of an autoencoder that is learned from the rows of both domains, the test
     * rows not among them.
     *
     * @param goOn asked before each layer
     */
    public static Representation autoencoded(Domains domains, Msda.Settings settings, long seed, BooleanSupplier goOn) {
        SparseRows both = domains.source().and(domains.target());
        try (Msda msda = Msda.learn(both, both.size(), both.width(), settings, new SeededRandom(seed), goOn)) {
            return of(
                    domains,
                    msda.layers(),
                    msda.features(domains.source(), domains.source().size()),
                    msda.features(domains.target(), domains.target().size()),
                    msda.features(domains.test(), domains.test().size()));
        }
    }

    /**
     * The columns as they are, those of source rows with the mean and the covariance of the target's: for a learner
     * without a layer to align.
     *
     * @throws IllegalArgumentException if there are too many columns for that
     */
    public static Representation recoloured(Domains domains) {
        int width = domains.source().width();
        CoralRecolouring.checkWidth(width);
        float[] source = dense(domains.source());
        CoralRecolouring recolouring = CoralRecolouring.of(source, dense(domains.target()), width, 1);
        SparseRows.Builder made = new SparseRows.Builder(width, domains.source().size());
        float[] row = new float[width];
        for (int at = 0; at < source.length; at += width) {
            System.arraycopy(source, at, row, 0, width);
            recolouring.apply(row);
            for (int column = 0; column < width; column++) {
                made.put(column, row[column]);
            }
            made.endRow();
        }
        return plain(domains.withSource(made.build()));
    }

    private static float[] dense(SparseRows rows) {
        float[] values = new float[Math.multiplyExact(rows.size(), rows.width())];
        for (int row = 0; row < rows.size(); row++) {
            rows.write(row, values, row * rows.width());
        }
        return values;
    }

    private static Representation of(
            Domains domains, List<Msda.Layer> layers, float[] source, float[] target, float[] test) {
        int width = layers.stream().mapToInt(layer -> layer.bias().length).sum();
        int columns = domains.source().width() + width;
        RowLayout layout = new RowLayout(List.of(RowTensor.floats(AdaptNet.ROWS, List.of(columns))), "adapt");
        int[] unlabelled = new int[domains.target().size()];
        return new Representation(
                domains,
                layers,
                columns,
                squaredNorm(domains.source(), source),
                rows(layout, domains.source(), source, width, domains.sourceLabels()),
                rows(layout, domains.target(), target, width, unlabelled),
                rows(layout, domains.test(), test, width, domains.testLabels()));
    }

    private static double squaredNorm(SparseRows rows, float[] features) {
        double sum = 0;
        for (int row = 0; row < rows.size(); row++) {
            sum += rows.squaredNorm(row);
        }
        for (float feature : features) {
            sum += (double) feature * feature;
        }
        return sum > 0 ? sum / rows.size() : 1;
    }

    private static TrainingRows rows(RowLayout layout, SparseRows sparse, float[] features, int width, int[] labels) {
        int columns = sparse.width();
        float[] row = new float[columns + width];
        return TrainingRows.of(layout, labels, (FeatureBatch batch, int number) -> {
            Arrays.fill(row, 0, columns, 0);
            sparse.write(number, row, 0);
            System.arraycopy(features, number * width, row, columns, width);
            FloatBuffer to = batch.floats(0);
            to.put(batch.nextRow() * row.length, row);
        });
    }
}
