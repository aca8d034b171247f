package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.HeadwaterConfig;
import io.headwater.config.KeptSettings;
import io.headwater.config.ModelConfig;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.calibration.CalibratedModel;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.online.MixtureModel;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.offline.VersionOne;
import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalibrationPartsTest {
    private static final String FIELDS =
            "features { numeric = [amount, distance, noise]," + " categorical = [shop, country], buckets = 64 }";

    private static HeadwaterConfig config(String more) {
        return HeadwaterConfig.parse("headwater.models.m { " + FIELDS + ", " + more + " }");
    }

    @ParameterizedTest
    @CsvSource({
        "learner = mixture, MixtureModel",
        "'learner = mixture, training.calibrate = true', CalibratedModel",
        "learner = gradient, CalibratedModel",
        "'learner = gradient, training.calibrate = false', GradientLearner",
        "adaptation.method = mmd, GuardedLearner"
    })
    void net_isCalibrated_andAMixtureIsNot_unlessTheSettingsSayOtherwise(String settings, String kind) {
        HeadwaterConfig config = config(settings);
        ModelParts parts = new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC());
        VersionOne one = parts.learning().develop(new SyntheticStream(1, 0, 0).take(300));

        try (Learner learner = parts.learning().learner(one)) {
            Class<?> expected = switch (kind) {
                case "MixtureModel" -> MixtureModel.class;
                case "GradientLearner" -> GradientLearner.class;
                case "GuardedLearner" -> GuardedLearner.class;
                default -> CalibratedModel.class;
            };
            assertThat(learner).isInstanceOf(expected);
            if (learner instanceof GuardedLearner guarded) {
                byte[] line = GuardedLearner.inUse(guarded.checkpoint());
                assertThat(CalibratedModel.uncalibrated(line)).isNotEqualTo(line);
            }
        }
    }

    /** A version is made again as it was made, whatever the defaults are by now. */
    @ParameterizedTest
    @CsvSource({"learner = mixture, false", "training.calibrate = true, true", "training.calibrate = false, false"})
    void settingsOfOlderReleases_calibratedNothing(String kept, boolean calibrated) {
        ModelConfig model = KeptSettings.read("m", "{ " + FIELDS + ", " + kept + " }", true);

        assertThat(model.training().calibrate()).contains(calibrated);
    }
}
