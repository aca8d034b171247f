package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.learn.SeededRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CoralTest {
    private static final int WIDTH = 3;

    private static double[] rows(Random random, int rows, double spread) {
        return random.doubles(rows * WIDTH, -spread, spread).toArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void loss_equalsTheDefinition_andItsGradientFiniteDifferences(long seed) {
        Random random = new Random(seed);
        double[] source = rows(random, 6, 1);
        double[] target = rows(random, 4, 3);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            assertThat(loss(manager, source, target)).isCloseTo(byDefinition(source, target), within(1e-12));
            checkGradient(manager, source, target, true);
            checkGradient(manager, source, target, false);
        }
    }

    private static double loss(NDManager manager, double[] source, double[] target) {
        return Coral.loss(array(manager, source), array(manager, target)).getDouble();
    }

    private static NDArray array(NDManager manager, double[] rows) {
        return manager.create(rows.clone(), new Shape(rows.length / WIDTH, WIDTH));
    }

    private static void checkGradient(NDManager manager, double[] source, double[] target, boolean ofSource) {
        double[] gradient;
        JniUtils.setGradMode(true);
        try {
            NDArray s = array(manager, source);
            NDArray t = array(manager, target);
            PtNDArray checked = (PtNDArray) (ofSource ? s : t);
            JniUtils.attachGradient(checked, true);
            NDArray loss = Coral.loss(s, t);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            gradient = JniUtils.getGradient(checked).toDoubleArray();
        } finally {
            JniUtils.setGradMode(false);
        }
        double[] moved = ofSource ? source : target;
        for (int i = 0; i < moved.length; i++) {
            double at = moved[i];
            moved[i] = at + 1e-5;
            double above = loss(manager, source, target);
            moved[i] = at - 1e-5;
            double below = loss(manager, source, target);
            moved[i] = at;
            assertThat(gradient[i]).isCloseTo((above - below) / 2e-5, within(1e-8));
        }
    }

    private static double byDefinition(double[] source, double[] target) {
        double[][] a = covariance(source);
        double[][] b = covariance(target);
        double sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < WIDTH; j++) {
                sum += Math.pow(a[i][j] - b[i][j], 2);
            }
        }
        return sum / (4.0 * WIDTH * WIDTH);
    }

    private static double[][] covariance(double[] rows) {
        int count = rows.length / WIDTH;
        double[] mean = new double[WIDTH];
        for (int i = 0; i < rows.length; i++) {
            mean[i % WIDTH] += rows[i] / count;
        }
        double[][] covariance = new double[WIDTH][WIDTH];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    covariance[i][j] +=
                            (rows[row * WIDTH + i] - mean[i]) * (rows[row * WIDTH + j] - mean[j]) / (count - 1);
                }
            }
        }
        return covariance;
    }

    /** So a strength means the same on a layer of large features and on one of small ones. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 0.2, 50})
    void term_ofFeaturesInAnotherUnit_isTheSame(double unit) {
        double[] source = rows(new Random(1), 6, 1);
        double[] target = rows(new Random(2), 4, 3);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            double expected = term(manager, fresh(manager), source, target);
            assertThat(expected).isGreaterThan(0.1);
            assertThat(term(manager, fresh(manager), times(unit, source), times(unit, target)))
                    .isCloseTo(expected, within(1e-4 * expected));
        }
    }

    /** A unit that followed the features would leave nothing that ends their shrinking or growing. */
    @Test
    void term_keepsTheUnitOfTheFirstStep() {
        double[] source = rows(new Random(1), 6, 1);
        double[] target = rows(new Random(2), 4, 3);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Map<String, NDArray> weights = fresh(manager);
            double first = term(manager, weights, source, target);
            assertThat(term(manager, weights, source, target)).isEqualTo(first);
            assertThat(term(manager, weights, times(2, source), times(2, target)))
                    .isCloseTo(16 * first, within(1e-4 * first));
        }
    }

    @Test
    void term_ofASourceWithoutVariance_isZero_andWaitsForAUnit() {
        double[] source = rows(new Random(1), 6, 1);
        double[] target = rows(new Random(2), 4, 3);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Map<String, NDArray> weights = fresh(manager);
            assertThat(term(manager, weights, new double[source.length], target))
                    .isZero();
            assertThat(term(manager, weights, source, target)).isEqualTo(term(manager, fresh(manager), source, target));
        }
    }

    /** One of no number would switch alignment off for good, one of next to nothing would drown all else. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e-8})
    void term_ofFeaturesThatAreOff_takesNoUnitOfThem(double factor) {
        double[] source = rows(new Random(1), 6, 1);
        double[] target = rows(new Random(2), 4, 3);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Map<String, NDArray> weights = fresh(manager);
            term(manager, weights, times(factor, source), target);
            assertThat(term(manager, weights, source, target)).isEqualTo(term(manager, fresh(manager), source, target));
        }
    }

    private static Map<String, NDArray> fresh(NDManager manager) {
        Map<String, NDArray> weights = new HashMap<>();
        new Coral()
                .weights(WIDTH, 2, new SeededRandom(1))
                .forEach((name, weight) ->
                        weights.put(name, manager.create(weight.values().clone(), new Shape(weight.shape()))));
        return weights;
    }

    private static double term(NDManager manager, Map<String, NDArray> weights, double[] source, double[] target) {
        NDArray logits = manager.create(new float[1]);
        DomainRows rows = new DomainRows(array(manager, source), array(manager, target), logits, logits);
        return new Coral().loss(rows, weights, 1).getDouble();
    }

    private static double[] times(double factor, double[] rows) {
        return Arrays.stream(rows).map(value -> factor * value).toArray();
    }

    @Test
    void loss_ofOneDomainWithItself_isZero() {
        double[] rows = rows(new Random(1), 8, 1);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            assertThat(loss(manager, rows, rows)).isZero();
        }
    }

    @Test
    void loss_ofOneRow_isRefused() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            assertThatThrownBy(() -> loss(manager, new double[WIDTH], rows(new Random(1), 4, 1)))
                    .hasMessageContaining("at least two rows");
        }
    }
}
