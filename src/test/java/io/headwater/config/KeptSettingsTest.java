package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.learn.ForkedJvm;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptSettingsTest {
    /** A block as it was kept, with all keys of its release. */
    private static ModelConfig config(String more) {
        return HeadwaterConfig.parse("headwater.models.m { features.numeric = [x]\n" + more + " }")
                .models()
                .get(0);
    }

    private static String kept(String more, String... without) {
        String json = config(more).learning();
        for (String key : without) {
            String less = json.replaceFirst("\"" + key + "\":[^,{}\\[\\]]+,?", "");
            assertThat(less).isNotEqualTo(json);
            json = less.replace(",}", "}");
        }
        return json;
    }

    /** As {@link #kept}, of a release whose training had one key more. */
    private static String withTraining(String key, String json) {
        return json.replace("\"training\":{", "\"training\":{" + key + ",");
    }

    @Test
    void settingsOfThisRelease_areReadAsTheyWere() {
        String more = "learner = gradient, training { learning-rate = 0.03, replay-rows = 99 }";
        ModelConfig read = KeptSettings.read("m", kept(more), true);

        assertThat(read.training()).isEqualTo(config(more).training());
        assertThat(read.learning()).isEqualTo(config(more).learning());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "\"auto\""})
    void alignmentThatWasOff_isLeftOut(String coral) {
        String json = withTraining("\"coral\":" + coral, kept("training.learning-rate = 0.03"));

        assertThat(KeptSettings.read("m", json, false).training().learningRate())
                .hasValue(0.03);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0.5", "\"auto\""})
    void alignmentOfANet_isRefusedWithASentence(String coral) {
        String json = withTraining("\"coral\":" + coral, kept(""));

        assertThatThrownBy(() -> KeptSettings.read("m", json, true))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the kept settings of model m have training.coral = " + coral.replace("\"", "")
                        + ", an alignment that later releases do otherwise (adaptation.method);"
                        + " the release that kept them can rebuild what they made");
    }

    @Test
    void alignmentOfABackbone_isRefusedWhereItWasAskedFor() {
        String json = withTraining("\"coral\":0.5", kept("backbone.file = net.onnx"));

        assertThatThrownBy(() -> KeptSettings.read("m", json, false)).hasMessageContaining("training.coral = 0.5");
    }

    @Test
    void keysThatNobodyKnows_areNamedWithTheirValues() {
        String json = withTraining("\"momentum\":0.9,\"nesterov\":true", kept(""));

        assertThatThrownBy(() -> KeptSettings.read("m", json, false))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the kept settings of model m have training.momentum = 0.9, training.nesterov = true,"
                        + " which this release does not know; the release that kept them can rebuild what they made");
    }

    @Test
    void keyThatCameLater_doesWhatWasDoneWithoutIt() {
        String adapts = "learner = gradient, adaptation.method = mmd";
        assertThat(KeptSettings.read("m", kept(adapts), true).adaptation().guard())
                .isTrue();

        assertThat(KeptSettings.read("m", kept(adapts, "guard"), true)
                        .adaptation()
                        .guard())
                .isFalse();
        assertThat(KeptSettings.read("m", kept(adapts), true).adaptation().fadeLabels())
                .isEqualTo(1_000);
        assertThat(KeptSettings.read("m", kept(adapts, "fade-labels"), true)
                        .adaptation()
                        .fadeLabels())
                .isZero();
        assertThat(KeptSettings.read("m", kept("", "replay", "recent-rows"), true)
                        .training()
                        .replay())
                .isEqualTo("uniform");
    }

    @Test
    void coralInTheUnitOfThen_isRefused() {
        String coral = kept("learner = gradient, adaptation.method = coral", "fade-labels");

        assertThatThrownBy(() -> KeptSettings.read("m", coral, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("adaptation.method = coral, whose lambda later releases count in another unit");
    }

    /** What an operator sets in the environment today was not set then. */
    @Test
    void environment_hasNoSay() throws Exception {
        String told = ForkedJvm.run(
                Rate.class,
                Map.of("CONFIG_FORCE_headwater_models_m_training_learning__rate", "0.5"),
                kept("training.learning-rate = 0.03"));

        assertThat(told.strip()).isEqualTo("0.5 0.03");
    }

    static final class Rate {
        private Rate() {}

        public static void main(String[] args) {
            System.out.println(config("").training().learningRate().orElseThrow() + " "
                    + KeptSettings.read("m", args[0], false)
                            .training()
                            .learningRate()
                            .orElseThrow());
        }
    }
}
