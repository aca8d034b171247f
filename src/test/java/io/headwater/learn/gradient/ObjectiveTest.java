package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.learn.SeededRandom;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against plain Java in value, and against finite differences in slope. */
final class ObjectiveTest {
    private static final int ROWS = 6;
    private static final double STEP = 1e-5;

    /** @param classes 1 for a single logit */
    record Case(Objective objective, int classes, long seed) {
        int targets() {
            return Math.max(2, classes);
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int classes : new int[] {1, 2, 5}) {
            for (double focusing : new double[] {0, 0.5, 1, 2}) {
                for (double smoothing : new double[] {0, 0.25}) {
                    List<Double> weights = smoothing == 0
                            ? List.of()
                            : List.of(0.5, 2.0, 1.0, 0.0, 1.5).subList(0, Math.max(2, classes));
                    cases.add(new Case(new Objective(focusing, smoothing, weights), classes, cases.size()));
                }
            }
        }
        return cases.stream();
    }

    /** Logits around 0, labels, row weights and shares of two labels. */
    private static final class Batch {
        private final double[] logits;
        private final int[] first = new int[ROWS];
        private final int[] second = new int[ROWS];
        private final float[] share = new float[ROWS];
        private final float[] weight = new float[ROWS];

        Batch(Case each) {
            SeededRandom random = new SeededRandom(each.seed());
            logits = new double[ROWS * each.classes()];
            Arrays.setAll(logits, i -> 3 * random.nextGaussian());
            logits[0] = 0; // where a fresh head stands
            for (int row = 0; row < ROWS; row++) {
                first[row] = random.nextInt(each.targets());
                second[row] = random.nextInt(each.targets());
                share[row] = row < 3 ? 1 : random.nextInt(4) / 4f;
                weight[row] = random.nextInt(8) / 4f + 0.25f;
            }
        }

        NDArray targets(Case each, NDManager manager, DataType type) {
            TargetRows rows = each.objective().targets(ROWS + 1, each.targets());
            for (int row = 0; row < ROWS; row++) {
                rows.mix(row, first[row], second[row], share[row], weight[row]);
            }
            return rows.tensor(manager, ROWS).toType(type, true);
        }

        NDArray logits(Case each, NDManager manager, double[] values) {
            return manager.create(values, each.classes() == 1 ? new Shape(ROWS) : new Shape(ROWS, each.classes()));
        }
    }

    /** The definition, straight from the papers. */
    private static double reference(Case each, Batch batch) {
        double sum = 0;
        double counted = 0;
        int classes = each.targets();
        Objective objective = each.objective();
        for (int row = 0; row < ROWS; row++) {
            double[] p = probabilities(each, batch, row);
            for (int i = 0; i < classes; i++) {
                double label = (batch.first[row] == i ? batch.share[row] : 0)
                        + (batch.second[row] == i ? 1 - batch.share[row] : 0);
                double smoothed = label * (1 - objective.smoothing()) + objective.smoothing() / classes;
                double classWeight = objective.classWeights().isEmpty()
                        ? 1
                        : objective.classWeights().get(i);
                double counts = batch.weight[row] * classWeight * smoothed;
                sum -= counts * Math.pow(1 - p[i], objective.focusing()) * Math.log(p[i]);
                counted += counts;
            }
        }
        return sum / counted;
    }

    private static double[] probabilities(Case each, Batch batch, int row) {
        if (each.classes() == 1) {
            double p = 1 / (1 + Math.exp(-batch.logits[row]));
            return new double[] {1 - p, p};
        }
        double[] p = new double[each.classes()];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(batch.logits[row * p.length + i]);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void loss_equalsTheDefinition(Case each) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Batch batch = new Batch(each);
            double expected = reference(each, batch);
            NDArray logits = batch.logits(each, manager, batch.logits.clone());
            double exact = each.objective()
                    .loss(logits, batch.targets(each, manager, DataType.FLOAT64))
                    .getDouble();
            assertThat(exact).isCloseTo(expected, within(1e-6));
            NDArray trained = each.objective()
                    .loss(logits.toType(DataType.FLOAT32, true), batch.targets(each, manager, DataType.FLOAT32));
            assertThat(trained.getShape().dimension()).isZero();
            assertThat(trained.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat((double) trained.getFloat()).isCloseTo(expected, within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradient_equalsFiniteDifferences(Case each) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Batch batch = new Batch(each);
            double[] gradient = gradient(
                    each.objective(),
                    manager,
                    batch.logits(each, manager, batch.logits.clone()),
                    batch.targets(each, manager, DataType.FLOAT64));
            assertThat(gradient).hasSameSizeAs(batch.logits);
            for (int i = 0; i < gradient.length; i++) {
                double slope =
                        (lossAt(each, manager, batch, i, STEP) - lossAt(each, manager, batch, i, -STEP)) / (2 * STEP);
                assertThat(gradient[i]).as("%s, logit %d", each, i).isCloseTo(slope, within(1e-8));
            }
        }
    }

    private static double[] gradient(Objective objective, NDManager manager, NDArray logits, NDArray targets) {
        JniUtils.setGradMode(true);
        try {
            JniUtils.attachGradient((PtNDArray) logits, true);
            NDArray loss = objective.loss(logits, targets);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            return JniUtils.getGradient((PtNDArray) logits)
                    .toType(DataType.FLOAT64, true)
                    .toDoubleArray();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** What a gradient needs must live until then, whatever Java collects after the forward pass. */
    @Test
    void gradient_withACollectionBeforeIt_isTheSame() {
        List<Case> cases = cases().toList();
        List<NDArray> logits = new ArrayList<>();
        List<NDArray> losses = new ArrayList<>();
        List<double[]> undisturbed = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (Case each : cases) {
                Batch batch = new Batch(each);
                NDArray targets = batch.targets(each, manager, DataType.FLOAT64);
                undisturbed.add(gradient(
                        each.objective(), manager, batch.logits(each, manager, batch.logits.clone()), targets));
                NDArray checked = batch.logits(each, manager, batch.logits.clone());
                JniUtils.setGradMode(true);
                JniUtils.attachGradient((PtNDArray) checked, true);
                logits.add(checked);
                losses.add(each.objective().loss(checked, targets));
                JniUtils.setGradMode(false);
            }
            collectAndOverwrite();
            for (int i = 0; i < cases.size(); i++) {
                PtNDArray loss = (PtNDArray) losses.get(i);
                JniUtils.backward(loss, (PtNDArray) loss.onesLike(), false, false);
                assertThat(JniUtils.getGradient((PtNDArray) logits.get(i)).toDoubleArray())
                        .as("%s", cases.get(i))
                        .isEqualTo(undisturbed.get(i));
            }
        }
    }

    /** Frees direct buffers that nobody holds and writes NaN to where they were. */
    private static void collectAndOverwrite() {
        CountDownLatch freed = new CountDownLatch(1);
        Cleaner.create().register(new Object(), freed::countDown);
        try {
            do {
                System.gc();
            } while (!freed.await(50, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer.allocateDirect(Float.BYTES + i % 8 * Float.BYTES).putInt(0, -1);
        }
    }

    private static double lossAt(Case each, NDManager manager, Batch batch, int element, double delta) {
        double[] values = batch.logits.clone();
        values[element] += delta;
        return each.objective()
                .loss(batch.logits(each, manager, values), batch.targets(each, manager, DataType.FLOAT64))
                .getDouble();
    }

    /** Logits that are right or wrong beyond doubt, in the precision that trains: finite, and the wrong ones push. */
    @ParameterizedTest
    @MethodSource("cases")
    void hugeLogits_haveFiniteLossAndGradient(Case each) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            TargetRows rows = each.objective().targets(2, each.targets());
            rows.put(0, 1, 1);
            rows.put(1, 0, 1);
            int width = each.classes();
            float[] huge = new float[2 * width];
            huge[width == 1 ? 0 : 1] = 200; // row 0 is right, row 1 wrong
            huge[width == 1 ? 1 : width + 1] = 200;
            NDArray logits = manager.create(huge, width == 1 ? new Shape(2) : new Shape(2, width));
            double[] gradient = gradient(each.objective(), manager, logits, rows.tensor(manager, 2));
            assertThat(Arrays.stream(gradient)).allMatch(Double::isFinite);
            assertThat(gradient[width == 1 ? 1 : width + 1]).isGreaterThan(0.1);
        }
    }

    @Test
    void classWeights_ofTwo_shiftTheBalance() {
        Objective objective = Objective.CROSS_ENTROPY.withClassWeights(List.of(1.0, 3.0));
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            TargetRows rows = objective.targets(2, 2);
            rows.put(0, 0, 1);
            rows.put(1, 1, 1);
            double[] gradient =
                    gradient(objective, manager, manager.create(new float[2], new Shape(2)), rows.tensor(manager, 2));
            assertThat(gradient[0]).isCloseTo(0.5 / 4, within(1e-6));
            assertThat(gradient[1]).isCloseTo(-0.5 * 3 / 4, within(1e-6));
        }
    }

    @Test
    void balanced_givesEachClassTheSameSum() {
        assertThat(Objective.balanced(new long[] {90, 10})).containsExactly(50 / 90.0, 5.0);
        assertThat(Objective.balanced(new long[] {4, 0, 8})).containsExactly(1.0, 0.0, 0.5);
    }

    @Test
    void settings_outOfRange_areRefusedInASentence() {
        assertThatThrownBy(() -> new Objective(-1, 0, List.of()))
                .hasMessage("focusing (gamma of focal loss) is -1.0; 0.0 to 10.0 is allowed");
        assertThatThrownBy(() -> new Objective(0, 1, List.of()))
                .hasMessage("label smoothing is 1.0; 0.0 to below 1.0 is allowed");
        assertThatThrownBy(() -> new Objective(0, 0, List.of(1.0))).hasMessageContaining("there are 1 class weights");
        assertThatThrownBy(() -> new Objective(0, 0, List.of(1.0, -1.0)))
                .hasMessageContaining("a class weight is -1.0");
        assertThatThrownBy(() -> new Objective(0, 0, List.of(0.0, 0.0)))
                .hasMessageContaining("all class weights are 0");
        assertThatThrownBy(() -> new Objective(0, 0, List.of(1.0, 1.0)).targets(4, 3))
                .hasMessageContaining("3 classes and 2 class weights");
        TargetRows rows = Objective.CROSS_ENTROPY.targets(2, 2);
        assertThatThrownBy(() -> rows.put(2, 0, 1)).hasMessageContaining("row 2 of 2");
        assertThatThrownBy(() -> rows.put(0, 2, 1)).hasMessageContaining("label 2; 0 to 1 are classes");
    }
}
