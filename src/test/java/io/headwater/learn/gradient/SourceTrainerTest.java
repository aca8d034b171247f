package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.OnnxModel;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.SyntheticStream;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SourceTrainerTest {
    private static final List<LabeledExample> EXAMPLES = new SyntheticStream(1, 0, 0).take(600);

    private static SourceModel train(long seed, List<SourceTrainer.Epoch> epochs) {
        return new SourceTrainer(SyntheticStream.SCHEMA, SourceSettings.DEFAULT.withSeed(seed), TorchDevice.CPU)
                .train(EXAMPLES, epochs::add);
    }

    @Test
    void train_learns_andKeepsTheBestWeights() {
        List<SourceTrainer.Epoch> epochs = new ArrayList<>();
        SourceModel model = train(1, epochs);

        Validation validation = model.validation();
        assertThat(validation.rows()).isEqualTo(120);
        assertThat(validation.rocAuc()).isGreaterThan(0.75);
        assertThat(validation.logLoss()).isLessThan(0.62);
        assertThat(epochs).hasSizeBetween(validation.epochs(), SourceSettings.DEFAULT.maxEpochs());
        SourceTrainer.Epoch best = epochs.stream()
                .filter(SourceTrainer.Epoch::best)
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(best.number()).isEqualTo(validation.epochs());
        assertThat(best.validationLoss()).isEqualTo(validation.logLoss());
        assertThat(lossOfHeldOut(model)).isCloseTo(validation.logLoss(), org.assertj.core.api.Assertions.within(1e-5));
    }

    /** Of the file itself, on ONNX Runtime. */
    private static double lossOfHeldOut(SourceModel model) {
        LabeledRows held = LabeledRows.of(EXAMPLES.subList(480, 600), new FeatureEncoder(SyntheticStream.SCHEMA));
        float[] logits = new float[120];
        try (OnnxModel onnx = new OnnxModel(model.onnx(), held.rows())) {
            onnx.logits(logits);
        }
        return Validation.of(logits, held.labels(), 0).logLoss();
    }

    @Test
    void train_isDeterministic_andDependsOnTheSeed() {
        SourceModel one = train(3, new ArrayList<>());
        assertThat(train(3, new ArrayList<>()).write()).isEqualTo(one.write());
        assertThat(train(4, new ArrayList<>()).sha256()).isNotEqualTo(one.sha256());
    }

    @Test
    void write_isReadBack() {
        SourceModel model = train(1, new ArrayList<>());
        byte[] bytes = model.write();
        SourceModel read = SourceModel.read(bytes);

        assertThat(read.write()).isEqualTo(bytes);
        assertThat(read.layout()).isEqualTo(model.layout());
        assertThat(read.anatomy()).isEqualTo(model.anatomy());
        assertThat(read.validation()).isEqualTo(model.validation());
        assertThat(read.sample().size()).isEqualTo(512);
        for (int at = 0; at < bytes.length; at += 997) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            assertThatThrownBy(() -> SourceModel.read(damaged)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SourceModel.read(Arrays.copyOf(bytes, bytes.length / 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no headwater source model");
    }

    @Test
    void train_onTooFew_isRefused() {
        assertThatThrownBy(() -> new SourceTrainer(SyntheticStream.SCHEMA, SourceSettings.DEFAULT, TorchDevice.CPU)
                        .train(EXAMPLES.subList(0, 19), epoch -> {}))
                .hasMessageContaining("at least 20 labelled examples, not 19");
    }

    @Test
    void net_withOneKindOfInput_hasOnlyThat() {
        FeatureSchema numbers = new FeatureSchema(new EventLayout(List.of("a", "b"), List.of()), false, false, 2);
        FeatureSchema categories = new FeatureSchema(new EventLayout(List.of(), List.of("c")), false, false, 8);

        assertThat(inputs(numbers)).containsExactly("numeric float[batch, 2]");
        assertThat(inputs(categories)).containsExactly("categorical int64[batch, 1]");
        for (FeatureSchema schema : List.of(numbers, categories)) {
            FeatureBatch batch = new FeatureBatch(schema.rows(), 2);
            batch.assume(2);
            try (OnnxModel model = new OnnxModel(net(schema).toBytes(), batch)) {
                float[] logits = new float[2];
                model.logits(logits);
                assertThat(logits[0]).isEqualTo(logits[1]).isFinite();
            }
        }
    }

    private static OnnxGraph net(FeatureSchema schema) {
        float[] ones = new float[schema.numericWidth()];
        Arrays.fill(ones, 1);
        return TabularNet.fresh(schema, TabularNet.Size.DEFAULT, ones, ones, new SeededRandom(1))
                .graph();
    }

    private static List<String> inputs(FeatureSchema schema) {
        return net(schema).inputs().stream().map(TensorSpec::toString).toList();
    }
}
