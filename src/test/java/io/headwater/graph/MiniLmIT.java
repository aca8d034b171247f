package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.graph.HeadBuilder.Linear;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The graph room on a real backbone, all-MiniLM-L6-v2, against ONNX Runtime. */
final class MiniLmIT {
    private static final int ROWS = 3;
    private static final int TOKENS = 7;
    private static final double TOLERANCE = 1e-5;
    private static final String LAYER_4 = "/encoder/layer.4/output/LayerNorm/Add_1_output_0";

    private static final byte[] BYTES = load();
    private static final OnnxGraph MODEL = OnnxGraph.read(BYTES);

    private static byte[] load() {
        try (InputStream in = MiniLmIT.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, OrtRun.Value> inputs() {
        Random random = new Random(7);
        long[] ids = random.longs(ROWS * TOKENS, 1000, 30000).toArray();
        long[] mask = new long[ROWS * TOKENS];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % TOKENS < TOKENS - i / TOKENS ? 1 : 0;
        }
        return Map.of(
                "input_ids", OrtRun.Value.of(ids, ROWS, TOKENS),
                "attention_mask", OrtRun.Value.of(mask, ROWS, TOKENS),
                "token_type_ids", OrtRun.Value.of(new long[ROWS * TOKENS], ROWS, TOKENS));
    }

    @Test
    void bytes_ofTheReadModel_areTheFiles() {
        assertThat(MODEL.toBytes()).isEqualTo(BYTES);
        assertThat(MODEL.nodes().stream().map(Node::op).distinct()).hasSize(19);
    }

    @Test
    void layers_areTheEmbeddingsAndSix() {
        Layers layers = Layers.of(MODEL);

        assertThat(layers.all())
                .extracting(Layer::name)
                .containsExactly(
                        "embeddings",
                        "encoder.layer.0",
                        "encoder.layer.1",
                        "encoder.layer.2",
                        "encoder.layer.3",
                        "encoder.layer.4",
                        "encoder.layer.5");
        assertThat(layers.all())
                .extracting(Layer::parameters)
                .as("(30522 + 512 + 2) * 384 + 2 * 384, and 4 * 385 * 384 + 385 * 1536 + 1537 * 384 + 4 * 384 each")
                .containsExactly(11918592L, 1774464L, 1774464L, 1774464L, 1774464L, 1774464L, 1774464L);
        assertThat(layers.all().get(5).outputs()).containsExactly(LAYER_4);
        assertThat(layers.hidden()).isEqualTo("last_hidden_state");
        assertThat(layers.cut("last:1")).isEqualTo(Cut.at(LAYER_4));
        assertThatThrownBy(() -> layers.cut("last:8")).hasMessageContaining("K goes from 1 to 7");
        assertThatThrownBy(() -> layers.cut("/encoder/layer.4/output/LayerNorm/Add_1_output"))
                .hasMessageContaining("the nearest are '" + LAYER_4 + "'");
    }

    @Test
    void inference_agreesWithWhatRuns() throws Exception {
        Map<String, TensorSpec> types = ShapeInference.of(MODEL);
        List<String> made = MODEL.nodes().stream()
                .filter(node -> !node.op().equals("Constant"))
                .map(node -> node.outputs().get(0))
                .toList();
        assertThat(types).containsKeys(made.toArray(new String[0]));

        OrtRun values = OrtRun.of(GraphSplitter.endingAt(MODEL, made), inputs());

        Map<String, Long> sizes = new HashMap<>(Map.of("batch_size", (long) ROWS, "sequence_length", (long) TOKENS));
        for (String tensor : made) {
            TensorSpec spec = Objects.requireNonNull(types.get(tensor));
            long[] shape = spec.shape().stream()
                    .mapToLong(dim -> dim.isFixed() ? dim.size() : sizes.getOrDefault(dim.name(), -1L))
                    .toArray();
            assertThat(values.get(tensor).shape()).as("%s", spec).isEqualTo(shape);
            assertThat(values.get(tensor).type())
                    .as("%s", spec)
                    .isEqualTo(spec.type().name());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last:1",
                "last:2",
                "last:4",
                "last:6",
                "last:7",
                "/encoder/layer.3/attention/output/Add_output_0"
            })
    void prefixAndSuffix_areTheWhole(String words) throws Exception {
        SplitGraph split = GraphSplitter.split(MODEL, Cut.of(MODEL, words));
        Map<String, OrtRun.Value> frontier = new HashMap<>(inputs());
        if (split.prefix().isPresent()) {
            frontier.putAll(OrtRun.of(split.prefix().get(), inputs()).values());
        }

        float[] parts =
                OrtRun.of(split.suffix(), frontier).get("last_hidden_state").floats();
        float[] whole = OrtRun.of(MODEL, inputs()).get("last_hidden_state").floats();

        assertThat(split.frontier())
                .as("the cut and at most the attention mask")
                .hasSizeLessThanOrEqualTo(3);
        assertThat(parts).hasSize(ROWS * TOKENS * 384);
        for (int i = 0; i < whole.length; i++) {
            assertThat(parts[i]).isEqualTo(whole[i], within((float) TOLERANCE));
        }
    }

    @Test
    void split_findsTheMask() {
        SplitGraph split = GraphSplitter.split(MODEL, Cut.of(MODEL, "last:2"));

        assertThat(split.frontier())
                .hasToString(
                        "[/encoder/layer.3/output/LayerNorm/Add_1_output_0 float[batch_size, sequence_length, 384],"
                                + " attention_mask int64[batch_size, sequence_length]]");
        assertThat(split.clones()).isEmpty();
    }

    @Test
    void merge_changesTheTrainedWeightAlone() {
        SplitGraph split = GraphSplitter.split(MODEL, Cut.of(MODEL, "last:1"));
        assertThat(split.merge(Map.of()).toBytes()).isEqualTo(BYTES);

        String bias = "encoder.layer.5.output.dense.bias";
        float[] trained = MODEL.initializer(bias).floats();
        trained[3] += 1;
        OnnxGraph merged = split.merge(Map.of(bias, trained));

        assertThat(merged.nodes().stream().map(Node::proto).toList())
                .isEqualTo(MODEL.nodes().stream().map(Node::proto).toList());
        assertThat(merged.initializers().keySet())
                .containsExactlyElementsOf(MODEL.initializers().keySet());
        MODEL.initializers()
                .forEach((name, tensor) -> assertThat(tensor.sameValues(merged.initializer(name)))
                        .as(name)
                        .isEqualTo(!name.equals(bias)));
        assertThat(merged.initializer(bias).floats()).isEqualTo(trained);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void head_readsTheMeanOverUnmaskedTokens(boolean asInputs) throws Exception {
        HeadBuilder builder = new HeadBuilder(MODEL, Layers.of(MODEL).hidden());
        Random random = new Random(3);
        float[] weight = new float[2 * builder.width()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) random.nextGaussian();
        }
        float[] bias = {0.5f, -0.5f};
        HeadBuilder.Spliced spliced = builder.splice(
                "logits",
                List.of(new Linear(weight, bias)),
                asInputs ? HeadBuilder.Weights.INPUTS : HeadBuilder.Weights.INITIALIZERS);
        Map<String, OrtRun.Value> fed = new HashMap<>(inputs());
        if (asInputs) {
            assertThat(spliced.graph().initializers())
                    .doesNotContainKeys(spliced.weights().toArray(new String[0]));
            fed.put(spliced.weights().get(0), OrtRun.Value.of(weight, 2, builder.width()));
            fed.put(spliced.weights().get(1), OrtRun.Value.of(bias, 2));
        }

        float[] logits = OrtRun.of(spliced.graph(), fed).get("logits").floats();

        float[] tokens = OrtRun.of(MODEL, inputs()).get("last_hidden_state").floats();
        assertThat(logits).hasSize(2 * ROWS);
        for (int row = 0; row < ROWS; row++) {
            int kept = TOKENS - row;
            for (int output = 0; output < 2; output++) {
                double sum = bias[output];
                for (int token = 0; token < kept; token++) {
                    for (int i = 0; i < 384; i++) {
                        sum += tokens[(row * TOKENS + token) * 384 + i] * weight[output * 384 + i] / kept;
                    }
                }
                assertThat(logits[2 * row + output]).isEqualTo((float) sum, within(1e-3f));
            }
        }
    }

    /** Feature extraction: with the new head on, what crosses is one row of features. */
    @Test
    void head_aloneTrains_whenCutAtItsFeatures() {
        HeadBuilder.Spliced spliced = new HeadBuilder(MODEL, Layers.of(MODEL).hidden())
                .splice("logits", List.of(new Linear(new float[384], new float[1])), HeadBuilder.Weights.INITIALIZERS);

        SplitGraph split = GraphSplitter.split(spliced.graph(), Cut.of(spliced.graph(), "head"));

        assertThat(split.frontier()).hasToString("[" + spliced.features() + " float[batch_size, 384]]");
        assertThat(split.suffix().initializers()).containsOnlyKeys("head.0.weight", "head.0.bias");
        assertThat(split.suffix().nodes()).hasSize(1);
        assertThat(Layers.of(spliced.graph()).body()).hasSize(7);
        assertThat(Layers.of(spliced.graph()).all().get(7).isHead()).isTrue();
    }

    /** What crosses is rows: hidden states and the mask as it came in. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "head; 1; /head/pool/Div_output_0 float[batch_size, 384]",
                "last:1; 2; " + LAYER_4 + " float[batch_size, sequence_length, 384], attention_mask int64[batch_size,"
                        + " sequence_length]",
                "last:7; 8; input_ids int64[batch_size, sequence_length], attention_mask int64[batch_size,"
                        + " sequence_length], token_type_ids int64[batch_size, sequence_length]"
            })
    void backbone_withAFreshHead_trainsFromThereToTheCut(String cut, int layers, String frontier) throws Exception {
        Backbone backbone = Backbone.of(MODEL, cut, 1, List.of(), 7);

        assertThat(backbone.split().frontier()).hasToString("[" + frontier + "]");
        assertThat(backbone.trained()).hasSize(layers);
        assertThat(backbone.trained().get(0).weights()).containsExactly("head.0.weight", "head.0.bias");
        long parameters = backbone.weights().stream()
                .mapToLong(
                        weight -> backbone.split().suffix().initializer(weight).size())
                .sum();
        assertThat(parameters).isEqualTo(385 + Math.min(6, layers - 1) * 1774464L + (layers == 8 ? 11918592L : 0));
    }

    @Test
    void read_ofAFileCutShort_saysSoInOneSentence() {
        Random random = new Random(5);
        List<Integer> lengths = new ArrayList<>(List.of(1, 2, 9, 1000, BYTES.length / 2, BYTES.length - 1));
        random.ints(20, 10, BYTES.length - 20).forEach(lengths::add);
        for (int length : lengths) {
            assertThatThrownBy(() -> OnnxGraph.read(Arrays.copyOf(BYTES, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(GraphException.class)
                    .message()
                    .isIn(
                            "no ONNX file, or one cut short: its " + length + " bytes do not parse",
                            "not an ONNX model: it has no IR version, no nodes or no outputs");
        }
    }

    @Test
    void cut_thatDoesNotExist_isRefusedWithTheNearestAndTheRange() {
        assertThatThrownBy(() -> Backbone.of(MODEL, "last:99", 1, List.of(), 7))
                .isInstanceOf(GraphException.class)
                .hasMessage("the cut 'last:99' does not exist: the backbone has 7 layers (embeddings, encoder.layer.0,"
                        + " encoder.layer.1, encoder.layer.2, encoder.layer.3, encoder.layer.4, encoder.layer.5), so K"
                        + " goes from 1 to 7");
        assertThatThrownBy(() -> Backbone.of(MODEL, "/encoder/layer.4/output/LayerNorm/Ad_1_output_0", 1, List.of(), 7))
                .isInstanceOf(GraphException.class)
                .hasMessageStartingWith(
                        "the backbone has no tensor '/encoder/layer.4/output/LayerNorm/Ad_1_output_0' to cut at; the"
                                + " nearest are '" + LAYER_4 + "'")
                .hasMessageEndingWith("; 'head', 'all' and 'last:K' with K from 1 to 7 are cuts too");
        assertThatThrownBy(() -> Backbone.of(MODEL, "encoder.layer.4", 1, List.of(), 7))
                .hasMessage("the cut 'encoder.layer.4' is a layer; the tensor at its end is '" + LAYER_4 + "'");
        assertThatThrownBy(() -> Backbone.of(MODEL, "head", "last_hidden", 1, List.of(), 7))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no head fits on 'last_hidden'")
                .hasMessageContaining("the nearest are 'last_hidden_state'");
    }
}
