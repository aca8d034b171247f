package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.ConfigException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.ModelConfig;
import io.headwater.learn.Learner;
import io.headwater.learn.SyntheticStream;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.offline.Foundation;
import io.headwater.offline.MixtureSource;
import io.headwater.offline.VersionOne;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the settings of adaptation become a learner. */
final class AdaptationPartsTest {
    private static final String ADAPTS =
            "adaptation { method = mmd, domain = country, source = [x], rows = 16, max-targets = 3 }";

    private static ModelParts parts(String more) {
        HeadwaterConfig config =
                HeadwaterConfig.parse("headwater.models.m { features { numeric = [amount, distance, noise],"
                        + " categorical = [shop, country], buckets = 64 }, " + more + " }");
        ModelConfig model = config.models().get(0);
        return new ModelParts(config, model, new HeadwaterMetrics(), Clock.systemUTC());
    }

    @Test
    void method_makesANetOfATable_thatAlignsItsTargets() {
        ModelParts parts = parts(ADAPTS);
        VersionOne one = parts.learning().develop(new SyntheticStream(1, 0, 0).take(300));

        assertThat(one).isInstanceOf(Foundation.class);
        assertThatCode(() -> parts.learning().checkAdaptation(one)).doesNotThrowAnyException();
        try (Learner learner = parts.learning().learner(one)) {
            new SyntheticStream(2, 0, 0).feed(learner, 20);
            assertThat(learner.notes()).contains("mmd").contains("proxy A-distance");
        }
    }

    @Test
    void windowsWithoutRoom_areRefused_withWhatToRaise() {
        VersionOne one = parts(ADAPTS).learning().develop(new SyntheticStream(1, 0, 0).take(300));
        ModelParts narrow = parts(ADAPTS + "\ntraining.replay-bytes = 1 KiB");

        assertThatThrownBy(() -> narrow.learning().checkAdaptation(one))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("training.replay-bytes is 1024, which has room for ")
                .hasMessageContaining("allowed is room for at least 32: raise it");
    }

    @Test
    void windowsWithoutRoom_areRefused_beforeASourceModelIsDeveloped() {
        ModelParts narrow = parts(ADAPTS + "\ntraining.replay-bytes = 1 KiB");

        // Of no example none could be developed.
        assertThatThrownBy(() -> narrow.learning().develop(List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("training.replay-bytes is 1024, which has room for ");
    }

    @Test
    void method_forVersionsOfAMixture_isRefused() {
        VersionOne mixture = parts("learner = mixture").learning().develop(new SyntheticStream(1, 0, 0).take(300));

        assertThat(mixture).isInstanceOf(MixtureSource.class);
        assertThatCode(() -> parts("learner = auto").learning().checkAdaptation(mixture))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> parts(ADAPTS).learning().checkAdaptation(mixture))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("headwater.models.m.adaptation.method is mmd, but the versions of the model are"
                        + " made by mixture, which has no hidden layer to align");
    }

    @Test
    void replayThatIsNotUniform_forVersionsOfAMixture_isRefused() {
        VersionOne mixture = parts("learner = mixture").learning().develop(new SyntheticStream(1, 0, 0).take(300));
        ModelParts replaying = parts("training.replay = class-balanced");

        assertThatThrownBy(() -> replaying.learning().checkRetention(mixture))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("training.replay is class-balanced")
                .hasMessageContaining("replays no rows; uniform is allowed");
    }
}
