package io.headwater.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.ort.ModelLoadException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ServedModelTest {
    private final AtomicInteger closes = new AtomicInteger();

    @Test
    void retire_withAScoreInFlight_closesTheNativeSessionAfterIt() {
        ServedModel model = load(1);
        try (ScoreBuffers buffers = new ScoreBuffers(new FeatureBatch(TinyModel.SCHEMA.rows(), 1))) {
            assertThat(model.tryAcquire()).isTrue();
            model.retire();

            assertThat(closes).hasValue(0);
            model.run(buffers, 1);

            model.release();
            assertThat(closes).hasValue(1);
            assertThat(model.tryAcquire()).isFalse();
            assertThatThrownBy(() -> model.run(buffers, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void load_bytesThatAreNoModel_isRefused() {
        assertThatThrownBy(() -> ServedModel.load("flights", 1, new byte[] {1, 2, 3}, TinyModel.SCHEMA.rows()))
                .isInstanceOf(ModelLoadException.class);
    }

    @Test
    void load_inputOfAnotherWidth_saysWhatWasFoundAndWhatIsNeeded() {
        assertThatThrownBy(() ->
                        ServedModel.load("flights", 7, TinyModel.onnx(7, 3, "probability"), TinyModel.SCHEMA.rows()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("flights version 7 needs an input of rows of numeric float[x, y]; found FLOAT[-1, 3]"
                        + " for 'numeric'");
    }

    @Test
    void load_inputThatTheSchemaDoesNotFill_isRefused() {
        FeatureSchema numericOnly = new FeatureSchema(new EventLayout(List.of("x", "y"), List.of()), false, false, 16);

        assertThatThrownBy(() -> ServedModel.load("flights", 7, TinyModel.onnx(7), numericOnly.rows()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("flights version 7 has an input 'categorical'; allowed are [numeric float[x, y]]");
    }

    @Test
    void load_withoutProbability_isRefused() {
        assertThatThrownBy(
                        () -> ServedModel.load("flights", 7, TinyModel.onnx(7, 2, "chance"), TinyModel.SCHEMA.rows()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("flights version 7 needs an output 'probability' of FLOAT[rows]; its outputs are"
                        + " {chance=FLOAT[-1], logit=FLOAT[-1]}");
    }

    private ServedModel load(long version) {
        return ServedModel.load(
                "flights", version, TinyModel.onnx(version), TinyModel.SCHEMA.rows(), closes::incrementAndGet);
    }
}
