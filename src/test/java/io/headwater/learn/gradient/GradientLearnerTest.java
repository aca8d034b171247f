package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.feature.FeatureBatch;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.LearnerContract;
import io.headwater.learn.OnnxModel;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.torch.TorchDevice;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GradientLearnerTest extends LearnerContract {
    private static final SourceModel SOURCE = new SourceTrainer(
                    SyntheticStream.SCHEMA, SourceSettings.DEFAULT, TorchDevice.CPU)
            .train(new SyntheticStream(42, 0, 0).take(400), epoch -> {});

    private static final GradientSettings SETTINGS = GradientSettings.DEFAULT;

    @Override
    protected Learner open(long seed) {
        return open(SETTINGS.withSeed(seed));
    }

    private static GradientLearner open(GradientSettings settings) {
        return new GradientLearner(SOURCE, settings, TorchDevice.CPU);
    }

    @Test
    void fresh_isTheSourceModel() {
        try (GradientLearner learner = open(SETTINGS)) {
            FeatureBatch probe = new SyntheticStream(8, 0, 0).batch(64, new float[64]);
            try (OnnxModel frozen = new OnnxModel(SOURCE.onnx(), probe)) {
                float[] expected = new float[64];
                frozen.logits(expected);
                assertThat(logits(learner, probe)).containsExactly(expected, within(1e-5f));
            }
            assertThat(learner.device()).isEqualTo("cpu");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TabularNet.EMBEDDINGS, TabularNet.FEATURES, TabularNet.HIDDEN_0})
    void cut_leavesItsLeftAsItWas(String cut) {
        try (GradientLearner learner = open(SETTINGS.withCut(cut))) {
            new SyntheticStream(3, 0.5, 1).feed(learner, 20);
            OnnxGraph before = SOURCE.graph();
            OnnxGraph after = OnnxGraph.read(learner.export());
            boolean embeddingsTrain = cut.equals(TabularNet.EMBEDDINGS);
            boolean firstTrains = !cut.equals(TabularNet.HIDDEN_0);
            assertChanged(before, after, "embed.weight", embeddingsTrain);
            assertChanged(before, after, "hidden.0.weight", firstTrains);
            assertChanged(before, after, "hidden.0.bias", firstTrains);
            assertChanged(before, after, "hidden.1.weight", true);
            assertChanged(before, after, "head.weight", true);
            assertChanged(before, after, "intercept", true);
            assertChanged(before, after, "scaler.mean", true);
            assertThat(after.initializers().keySet())
                    .isEqualTo(before.initializers().keySet());
        }
    }

    private static void assertChanged(OnnxGraph before, OnnxGraph after, String name, boolean changed) {
        float[] old = before.initializer(name).floats();
        float[] now = after.initializer(name).floats();
        assertThat(!java.util.Arrays.equals(old, now)).as("%s changed", name).isEqualTo(changed);
    }

    @Test
    void cut_thatTheSourceLacks_isRefusedWithThoseItHas() {
        assertThatThrownBy(() -> open(SETTINGS.withCut("layer.7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'layer.7'")
                .hasMessageContaining("[embeddings, features, hidden.0]");
    }

    @Test
    void restore_ofAnotherCut_isRefused() {
        try (GradientLearner one = open(SETTINGS);
                GradientLearner other = open(SETTINGS.withCut(TabularNet.HIDDEN_0))) {
            assertThatThrownBy(() -> other.restore(one.checkpoint()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cut at features");
        }
    }

    @Test
    void intercept_followsTheBaseRateAtOnce() {
        try (GradientLearner learner = open(SETTINGS)) {
            new SyntheticStream(5, 0, -3).feed(learner, 10);
            float intercept =
                    OnnxGraph.read(learner.export()).initializer("intercept").floats()[0];
            assertThat(intercept).isBetween(-4f, -0.5f);
        }
    }

    @Test
    void smallMiniBatches_earnTheirStepsTogether() {
        try (GradientLearner learner = open(SETTINGS)) {
            SyntheticStream stream = new SyntheticStream(5, 0, 0);
            float[] labels = new float[8];
            int steps = 0;
            for (int i = 0; i < 32; i++) {
                steps += learner.learn(stream.batch(8, labels), labels).steps();
            }
            assertThat(steps).isEqualTo(32 * 8 * SETTINGS.steps() / SETTINGS.stepRows());
        }
    }

    /** A backbone that reads numbers has no scaling in front that would cut them off. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "coral"})
    void rowsThatScoreNoNumber_costNoLaterStep(String method) {
        StreamAdaptation adaptation = method.equals("none")
                ? StreamAdaptation.NONE
                : StreamAdaptation.by(Alignment.CORAL).withLambda(1);
        SourceModel unbounded = unbounded(SOURCE);
        try (GradientLearner learner =
                new GradientLearner(unbounded, SETTINGS.withAdaptation(adaptation), TorchDevice.CPU)) {
            SyntheticStream stream = new SyntheticStream(6, 0, 0);
            float[] labels = new float[32];
            // Given as many such rows as others, labelled and not
            int skipped = 0;
            for (int i = 0; i < 20; i++) {
                FeatureBatch extreme = stream.batch(32, labels);
                for (int row = 0; row < 32; row += 2) {
                    extreme.numeric().put(row * extreme.numericWidth(), Float.POSITIVE_INFINITY);
                    extreme.numeric().put(row * extreme.numericWidth() + 1, Float.NEGATIVE_INFINITY);
                }
                float[] scores = new float[32];
                learner.logits(extreme, scores);
                assertThat(scores[0]).isNotFinite();
                assertThat(scores[1]).isFinite();
                SyntheticStream.arrive(learner, extreme);
                skipped += learner.learn(extreme, labels).skippedSteps();
            }
            // Then their batches' steps are taken on the others, and later ones all the more
            assertThat(skipped).isZero();
            int steps = 0;
            for (int i = 0; i < 20; i++) {
                SyntheticStream.arrive(learner, stream.batch(32, labels));
                steps += learner.learn(stream.batch(32, labels), labels).steps();
            }
            assertThat(steps).isEqualTo(20 * 32 * SETTINGS.steps() / SETTINGS.stepRows());
        }
    }

    private static float[] times(float[] values, float factor) {
        float[] out = values.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] *= factor;
        }
        return out;
    }

    @Test
    void batchOfRowsThatScoreNoNumber_skipsItsSteps_andCountsThem() {
        try (GradientLearner learner = new GradientLearner(unbounded(SOURCE), SETTINGS, TorchDevice.CPU)) {
            float[] labels = new float[SETTINGS.stepRows()];
            FeatureBatch extreme = new SyntheticStream(6, 0, 0).batch(labels.length, labels);
            for (int row = 0; row < labels.length; row++) {
                extreme.numeric().put(row * extreme.numericWidth(), Float.POSITIVE_INFINITY);
                extreme.numeric().put(row * extreme.numericWidth() + 1, Float.NEGATIVE_INFINITY);
            }
            LearnReport report = learner.learn(extreme, labels);
            assertThat(report.steps()).isZero();
            assertThat(report.skippedSteps()).isEqualTo(SETTINGS.steps());
        }
    }

    /** The same but for rows far out, whose first hidden units are infinite. */
    private static SourceModel unbounded(SourceModel source) {
        OnnxGraph graph = source.graph();
        float large = 1 << 14;
        byte[] onnx = graph.withInitializers(Map.of(
                        "scaler.min", new float[] {-Float.MAX_VALUE},
                        "scaler.max", new float[] {Float.MAX_VALUE},
                        "hidden.0.weight",
                                times(graph.initializer("hidden.0.weight").floats(), large),
                        "hidden.0.bias",
                                times(graph.initializer("hidden.0.bias").floats(), large),
                        "hidden.1.weight",
                                times(graph.initializer("hidden.1.weight").floats(), 1 / large)))
                .toBytes();
        return new SourceModel(
                onnx, source.anatomy(), source.layout(), source.statistics(), source.sample(), source.validation());
    }

    @Test
    void coral_actsOnTheHiddenWeights_andDrawsTheDomainsTogether() {
        float[] without = hiddenAfterShift(0);
        float[] with = hiddenAfterShift(1);
        assertThat(with).isNotEqualTo(without);
        assertThat(distanceAfterShift(100)).isLessThan(0.5 * distanceAfterShift(1e-9));
    }

    private static float[] hiddenAfterShift(double coral) {
        try (GradientLearner learner = open(
                SETTINGS.withAdaptation(StreamAdaptation.by(Alignment.CORAL).withLambda(coral)))) {
            shifted(learner);
            return OnnxGraph.read(learner.export())
                    .initializer("hidden.1.weight")
                    .floats();
        }
    }

    /** The adaptation loss at the end, on traffic whose numbers are spread three times as wide as the source's. */
    private static double distanceAfterShift(double coral) {
        try (GradientLearner learner = open(
                SETTINGS.withAdaptation(StreamAdaptation.by(Alignment.CORAL).withLambda(coral)))) {
            return shifted(learner);
        }
    }

    private static double shifted(GradientLearner learner) {
        double distance = 0;
        float[] labels = new float[32];
        SyntheticStream stream = new SyntheticStream(6, 0, 0);
        for (int i = 0; i < 60; i++) {
            FeatureBatch traffic = stream.batch(32, labels);
            for (int row = 0; row < 32; row++) {
                for (int column = 0; column < 2; column++) {
                    int at = row * traffic.numericWidth() + column;
                    traffic.numeric().put(at, 3 * traffic.numeric().get(at));
                }
            }
            SyntheticStream.arrive(learner, traffic);
            LearnReport report = learner.learn(stream.batch(32, labels), labels);
            distance = report.adaptationLoss();
        }
        return distance;
    }

    @Test
    void nativeMemory_overManySteps_staysFlat() {
        try (GradientLearner learner = open(SETTINGS)) {
            SyntheticStream stream = new SyntheticStream(9, 0, 0);
            stream.feed(learner, 10);
            long before = residentKiB();
            int steps = 0;
            float[] labels = new float[32];
            FeatureBatch batch = stream.batch(32, labels);
            for (int i = 0; i < 2_000 / SETTINGS.steps(); i++) {
                SyntheticStream.arrive(learner, batch);
                steps += learner.learn(batch, labels).steps();
            }
            assertThat(steps).isEqualTo(2_000);
            assertThat(learner.nativeArrays()).as("tensors held between steps").isLessThan(40);
            // A leak of one step's tensors grows by about 400 KiB each: 800 MiB here.
            assertThat(residentKiB() - before).as("resident KiB").isLessThan(100_000);
        }
    }

    private static long residentKiB() {
        try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (java.io.IOException e) {
            return 0; // not Linux: the count of tensors alone decides
        }
    }
}
