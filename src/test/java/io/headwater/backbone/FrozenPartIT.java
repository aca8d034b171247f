package io.headwater.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowTensor;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.Backbone;
import io.headwater.graph.GraphException;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frozen part of all-MiniLM-L6-v2 against the whole model. */
final class FrozenPartIT {
    private static final int TOKENS = 16;
    private static final OnnxGraph MODEL = OnnxGraph.read(resource("/all-minilm-l6-v2.onnx"));
    private static final byte[] TOKENIZER = resource("/all-minilm-l6-v2-tokenizer.json");

    private static byte[] resource(String name) {
        try (InputStream in = FrozenPartIT.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Event> events(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "call now and win " + i + " tickets ".repeat(i % 5);
            events.add(new Event("e" + i, i, new float[0], new String[0], new String[] {text}, "d" + i % 3));
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource({"head, 1, 384", "last:1, 2, 6144", "last:6, 2, 6144"})
    void rows_areTheFrontiersTensors(String cut, int tensors, int floats) {
        Backbone backbone = Backbone.of(MODEL, cut, 1, List.of(), 1);
        try (FrozenPart frozen = FrozenPart.load(backbone.split(), inputs(backbone))) {
            assertThat(frozen.layout().tensors()).hasSize(tensors);
            assertThat(frozen.layout().tensors().stream()
                            .filter(RowTensor::isFloat)
                            .mapToInt(RowTensor::width))
                    .containsExactly(floats);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "last:1", "last:2"})
    void frozenPartThenSuffix_isTheWholeModel(String cut) {
        Backbone backbone = Backbone.of(MODEL, cut, 1, List.of(), 1);
        RowEncoder inputs = inputs(backbone);
        List<Event> events = events(37);
        try (FrozenPart frozen = FrozenPart.load(backbone.split(), inputs);
                Featurizer rows = frozen.featurizer(40);
                Featurizer fixed = frozen.repeatable(40)) {
            float[] expected = logits(backbone.split().whole(), encoded(inputs, events));
            rows.encode(events);
            fixed.encode(events);
            assertThat(logits(backbone.split().suffix(), rows.batch())).containsExactly(expected, within(1e-5f));
            assertThat(logits(backbone.split().suffix(), fixed.batch())).containsExactly(expected, within(1e-5f));
            assertThat(rows.batch().domain(35)).isEqualTo("d2");
        }
    }

    @Test
    void repeatableRows_haveTheSameBits_whateverWasThereBefore() {
        Backbone backbone = Backbone.of(MODEL, "last:1", 1, List.of(), 1);
        List<Event> events = events(37);
        try (FrozenPart frozen = FrozenPart.load(backbone.split(), inputs(backbone));
                Featurizer rows = frozen.repeatable(40);
                Featurizer fresh = frozen.repeatable(40)) {
            rows.encode(events.subList(20, 37));
            rows.encode(events.subList(0, 5));
            fresh.encode(events.subList(0, 5));
            assertThat(floats(rows.batch(), 5)).containsExactly(floats(fresh.batch(), 5));
        }
    }

    @Test
    void rows_outliveTheirMaker() {
        Backbone backbone = Backbone.of(MODEL, "head", 1, List.of(), 1);
        FrozenPart frozen = FrozenPart.load(backbone.split(), inputs(backbone));
        try (Featurizer rows = frozen.featurizer(1)) {
            frozen.close();
            rows.encode(events(1));
            assertThat(rows.batch().rows()).isEqualTo(1);
        }
        assertThatThrownBy(() -> frozen.featurizer(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void numbersForATextBackbone_areRefused() {
        assertThatThrownBy(() -> BackboneInputs.numeric(MODEL, new EventLayout(List.of("a"), List.of())))
                .isInstanceOf(GraphException.class)
                .hasMessage("the backbone reads text: int64 [batch, tokens], not numbers: float [batch, N]");
    }

    private static RowEncoder inputs(Backbone backbone) {
        return BackboneInputs.text(backbone.split().whole(), TextTokenizer.load(TOKENIZER, TOKENS), 0);
    }

    private static FeatureBatch encoded(RowEncoder inputs, List<Event> events) {
        FeatureBatch batch = new FeatureBatch(inputs.layout(), events.size());
        events.forEach(event -> inputs.encode(event, batch));
        return batch;
    }

    private static float[] floats(FeatureBatch batch, int rows) {
        float[] values = new float[rows * batch.width(0)];
        batch.floats(0).get(0, values);
        return values;
    }

    private static float[] logits(OnnxGraph graph, FeatureBatch batch) {
        FloatBuffer logits = ByteBuffer.allocateDirect(batch.capacity() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        try (InferenceSession session = InferenceSession.load(graph.toBytes());
                TensorBuffers in = new TensorBuffers();
                TensorBuffers out = new TensorBuffers()) {
            batch.bind(in::floats, in::longs);
            out.floats(HeadNames.LOGIT, logits);
            // Only the logit is asked for, as ONNX Runtime lets one do.
            session.run(in, out, batch.rows());
        }
        float[] values = new float[batch.rows()];
        logits.get(0, values);
        return values;
    }
}
