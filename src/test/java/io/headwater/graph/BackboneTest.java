package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.graph.Backbone.TrainedLayer;
import io.headwater.graph.GraphBuilder.Attribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackboneTest {
    private static final Dim BATCH = Dim.dynamic("batch");

    /** A stem and three blocks of width 2, a second input beside the old classifier. */
    private static OnnxGraph net(int opset, Dim batch) {
        GraphBuilder builder = new GraphBuilder("net", opset);
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, batch, Dim.of(2)));
        String side = builder.input(TensorSpec.of("side", ElementType.FLOAT, batch, Dim.of(2)));
        x = linear(builder, "stem", x);
        for (int i = 0; i < 3; i++) {
            x = builder.node(
                    "/blocks/blocks." + i + "/Tanh", "Tanh", List.of(linear(builder, "blocks/blocks." + i, x)));
        }
        String both = builder.node("/join/Add", "Add", List.of(x, side));
        String logits = linear(builder, "classifier", both);
        builder.nodeTo("y", "/Softmax", "Softmax", List.of(logits));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, batch, Dim.of(2)))
                .build();
    }

    private static OnnxGraph net() {
        return net(17, BATCH);
    }

    private static String linear(GraphBuilder builder, String module, String x) {
        String name = module.substring(module.lastIndexOf('/') + 1);
        String weight = builder.floats(name + ".weight", new float[] {1, -0.5f, 0.25f, 2}, 2, 2);
        return builder.node("/" + module + "/MatMul", "MatMul", List.of(x, weight));
    }

    private static final Map<String, OrtRun.Value> ROWS = Map.of(
            "x", OrtRun.Value.of(new float[] {0.1f, 0.2f, -0.3f, 0.4f, 0.5f, -0.6f}, 3, 2),
            "side", OrtRun.Value.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));

    private static OrtRun halves(Backbone backbone) throws Exception {
        Map<String, OrtRun.Value> frontier = new HashMap<>(ROWS);
        if (backbone.split().prefix().isPresent()) {
            frontier.putAll(OrtRun.of(backbone.split().prefix().get(), ROWS).values());
        }
        return OrtRun.of(backbone.split().suffix(), frontier);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 13, 17, 21})
    void oneOutput_isLogitAndProbabilityOfTheScorePlusIntercept(int opset) throws Exception {
        Backbone backbone = Backbone.of(net(opset, BATCH), "head", 1, List.of(), 7);
        OnnxGraph whole = backbone.split().whole();
        OnnxGraph moved = whole.withInitializers(Map.of(HeadNames.INTERCEPT, new float[] {0.75f}));

        OrtRun run = OrtRun.of(moved, ROWS);
        float[] scores = OrtRun.of(GraphSplitter.endingAt(whole, List.of(backbone.score())), ROWS)
                .get(backbone.score())
                .floats();

        assertThat(whole.outputs())
                .containsExactly(
                        TensorSpec.of("logit", ElementType.FLOAT, BATCH),
                        TensorSpec.of("probability", ElementType.FLOAT, BATCH));
        assertThat(run.get("logit").shape()).containsExactly(3);
        for (int row = 0; row < 3; row++) {
            float logit = run.get("logit").floats()[row];
            assertThat(logit).isEqualTo(scores[row] + 0.75f, within(1e-6f));
            assertThat(run.get("probability").floats()[row])
                    .isEqualTo((float) (1 / (1 + Math.exp(-logit))), within(1e-6f));
        }
    }

    @Test
    void severalOutputs_areLogitsAndTheirSoftmax() throws Exception {
        Backbone backbone = Backbone.of(net(11, BATCH), "head", 3, List.of(4), 7);

        OrtRun run = OrtRun.of(backbone.split().whole(), ROWS);

        assertThat(backbone.split().whole().outputs())
                .containsExactly(
                        TensorSpec.of("logits", ElementType.FLOAT, BATCH, Dim.of(3)),
                        TensorSpec.of("probabilities", ElementType.FLOAT, BATCH, Dim.of(3)));
        assertThat(backbone.score()).isEqualTo("logits");
        assertThat(backbone.split().whole().initializers()).doesNotContainKey(HeadNames.INTERCEPT);
        float[] logits = run.get("logits").floats();
        float[] probabilities = run.get("probabilities").floats();
        for (int row = 0; row < 3; row++) {
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                sum += Math.exp(logits[3 * row + i]);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(probabilities[3 * row + i])
                        .isEqualTo((float) (Math.exp(logits[3 * row + i]) / sum), within(1e-6f));
            }
        }
    }

    /** What the old classifier alone needed is gone: its weights, the input beside it. */
    @ParameterizedTest
    @CsvSource({"head, 1", "last:1, 2", "last:2, 3", "last:4, 5", "x, 5", "/stem/MatMul_output_0, 4"})
    void trained_isTheHeadAndTheLayersRightOfTheCut(String cut, int layers) throws Exception {
        Backbone backbone = Backbone.of(net(), cut, "/blocks/blocks.2/Tanh_output_0", 1, List.of(4), 7);

        assertThat(backbone.headWeights())
                .containsExactly("head.0.weight", "head.0.bias", "head.1.weight", "head.1.bias");
        assertThat(backbone.trained())
                .isEqualTo(List.of(
                                new TrainedLayer("head", backbone.headWeights()),
                                new TrainedLayer("blocks.2", List.of("blocks.2.weight")),
                                new TrainedLayer("blocks.1", List.of("blocks.1.weight")),
                                new TrainedLayer("blocks.0", List.of("blocks.0.weight")),
                                new TrainedLayer("stem", List.of("stem.weight")))
                        .subList(0, layers));
        assertThat(backbone.weights()).hasSize(3 + layers);
        assertThat(backbone.split().whole().inputs())
                .extracting(TensorSpec::name)
                .containsExactly("x");
        assertThat(halves(backbone).get("logit").floats())
                .isEqualTo(
                        OrtRun.of(backbone.split().whole(), ROWS).get("logit").floats());
    }

    @Test
    void headOnAnInnerTensor_dropsTheRestAndCountsLayersFromThere() {
        String inner = "/blocks/blocks.1/Tanh_output_0";

        Backbone extracted = Backbone.of(net(), inner, inner, 1, List.of(), 7);
        Backbone deeper = Backbone.of(net(), "last:1", inner, 1, List.of(), 7);

        assertThat(extracted.trained()).hasSize(1);
        assertThat(extracted.split().frontier())
                .extracting(TensorSpec::name)
                .containsExactly(inner)
                .containsExactly(extracted.features());
        assertThat(extracted.split().whole().initializers()).doesNotContainKeys("blocks.2.weight", "classifier.weight");
        assertThat(deeper.trained()).extracting(TrainedLayer::name).containsExactly("head", "blocks.1");
        assertThatThrownBy(() -> Backbone.of(net(), "last:4", inner, 1, List.of(), 7))
                .hasMessage(
                        "the cut 'last:4' does not exist: the backbone has 3 layers (stem, blocks.0, blocks.1), so K"
                                + " goes from 1 to 3");
        assertThatThrownBy(() -> Backbone.of(net(), "/blocks/blocks.2/Tanh_output_0", inner, 1, List.of(), 7))
                .isInstanceOf(GraphException.class)
                .hasMessage("the cut at '/blocks/blocks.2/Tanh_output_0' is not on the way to '" + inner
                        + "', on which the head stands; cut there or before it");
    }

    @Test
    void seed_decidesTheFreshHead() {
        byte[] once =
                Backbone.of(net(), "head", 2, List.of(4), 7).split().whole().toBytes();

        assertThat(Backbone.of(net(), "head", 2, List.of(4), 7).split().whole().toBytes())
                .isEqualTo(once);
        assertThat(Backbone.of(net(), "head", 2, List.of(4), 8).split().whole().toBytes())
                .isNotEqualTo(once);
    }

    /** A trained whole is a backbone itself: its old head and intercept make room. */
    @Test
    void ofATrainedBackbone_replacesItsHead() {
        OnnxGraph trained = Backbone.of(net(), "head", 1, List.of(), 7).split().whole();

        Backbone next = Backbone.of(trained, "head", 1, List.of(), 8);

        assertThat(next.split().whole().outputs()).extracting(TensorSpec::name).containsExactly("logit", "probability");
        assertThat(next.split().whole().initializers())
                .containsKeys("intercept", next.headWeights().get(0))
                .doesNotContainKey("head.0.weight");
        assertThat(next.features()).isEqualTo("/join/Add_output_0");
    }

    @Test
    void aFixedBatch_isRefused() {
        assertThatThrownBy(() -> Backbone.of(net(17, Dim.of(1)), "head", 1, List.of(), 7))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("the input x float[1, 2] has no open batch");
    }

    /** What is computed across rows cannot be kept row by row. */
    @Test
    void aFrontierWithoutBatch_isRefused() {
        GraphBuilder builder = new GraphBuilder("centred");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String first = linear(builder, "layer.0", x);
        String mean =
                builder.node("/layer.0/ReduceMean", "ReduceMean", List.of(x), Attribute.of("axes", new long[] {0}));
        String second = builder.node("/layer.1/Sub", "Sub", List.of(linear(builder, "layer.1", first), mean));
        builder.output(TensorSpec.of(second, ElementType.FLOAT, BATCH, Dim.of(2)));

        assertThatThrownBy(() -> Backbone.of(builder.build(), first, second, 1, List.of(), 7))
                .isInstanceOf(GraphException.class)
                .hasMessage("the tensor /layer.0/ReduceMean_output_0 float[1, 2] crosses the cut and is no batch of"
                        + " rows: its first dimension is not the batch's, batch; another cut is needed");
    }

    /** A weight that both layers read transposed: it stays as it is, although the second layer trains. */
    @Test
    void aWeightOfTheFrozenSide_isNotTrained() throws Exception {
        GraphBuilder builder = new GraphBuilder("tied");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String w = builder.floats("w", new float[] {1, 2, 3, 4}, 2, 2);
        String tied = builder.node("/tied/Transpose", "Transpose", List.of(w));
        String first = builder.node("/layer.0/MatMul", "MatMul", List.of(x, tied));
        String second = builder.node("/layer.1/MatMul", "MatMul", List.of(first, tied));
        builder.output(TensorSpec.of(second, ElementType.FLOAT, BATCH, Dim.of(2)));

        Backbone backbone = Backbone.of(builder.build(), first, second, 1, List.of(), 7);

        assertThat(backbone.split().frontier()).extracting(TensorSpec::name).containsExactly(first);
        assertThat(backbone.weights()).isEqualTo(backbone.headWeights());
        assertThat(halves(backbone).get("logit").floats())
                .isEqualTo(
                        OrtRun.of(backbone.split().whole(), ROWS).get("logit").floats());
    }
}
