package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings are read as. */
class HeadwaterConfigTest {
    private static final String MODEL = "headwater.models.flights.features.numeric = [distance]\n";

    @TempDir
    private Path folder;

    @Test
    void smallestConfig_hasEveryDefault() {
        HeadwaterConfig config = HeadwaterConfig.parse(MODEL);

        assertThat(config.dataDir()).isEqualTo(Path.of("headwater-data"));
        assertThat(config.kafkaProperties()).containsOnly(java.util.Map.entry("bootstrap.servers", "127.0.0.1:9092"));
        assertThat(config.httpHost()).isEqualTo("127.0.0.1");
        assertThat(config.httpPort()).isEqualTo(8080);
        ModelConfig model = config.models().get(0);
        assertThat(model.name()).isEqualTo("flights");
        assertThat(model.topics())
                .isEqualTo(new ModelConfig.Topics(
                        "flights.events",
                        "flights.labels",
                        "flights.scores",
                        "flights.dead-letters",
                        "flights.lineage",
                        true,
                        1,
                        (short) 1));
        assertThat(model.features())
                .isEqualTo(new ModelConfig.Features(List.of("distance"), List.of(), true, true, 1024, 0, "", 64));
        assertThat(model.checkpoint()).isEqualTo(new ModelConfig.Checkpoint(Duration.ofSeconds(5), 3, 10));
        assertThat(model.versions()).isEqualTo(new ModelConfig.Versions(100, Duration.ofDays(365)));
        assertThat(model.scoring().instance()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                            | MIXTURE
            learner = gradient                            | GRADIENT
            learner = mixture                             | MIXTURE
            source.file = past.jsonl                      | MIXTURE
            source.model = fitted                         | GRADIENT
            retention.method = ewc                        | GRADIENT
            training.replay = class-balanced              | GRADIENT
            training.replay = uniform                     | MIXTURE
            { backbone.file = m.onnx, features { numeric = [], text = words } } | GRADIENT
            """)
    void tableWithoutANet_isLearnedByAMixture_unlessAnotherLearnerIsNamed(String settings, ModelConfig.Learner first) {
        String block = settings.startsWith("{") ? settings : "{" + settings + "}";
        ModelConfig model = HeadwaterConfig.parse(MODEL + "headwater.models.flights " + block)
                .models()
                .get(0);

        assertThat(model.firstLearner()).isEqualTo(first);
    }

    @Test
    void learning_isTheSame_whateverDecidesNothingThatIsLearned() {
        String learning = HeadwaterConfig.parse(MODEL).models().get(0).learning();

        String others =
                " headwater.models.flights { scoring.threads = 3, topics.partitions = 9, checkpoint.every = 1 s,"
                        + " versions.keep = 7, scores.topic = elsewhere, source.file = moved,"
                        + " gate { approval = required, replace-waiting = 1 h } }";
        assertThat(HeadwaterConfig.parse(MODEL + others).models().get(0).learning())
                .isEqualTo(learning);
        assertThat(HeadwaterConfig.parse(MODEL + " headwater.models.flights.training.steps = 9")
                        .models()
                        .get(0)
                        .learning())
                .isNotEqualTo(learning);
        // And it can be read again
        assertThat(HeadwaterConfig.parse("headwater.models.flights = " + learning)
                        .models()
                        .get(0)
                        .learning())
                .isEqualTo(learning);
    }

    @Test
    void file_overridesTheDefaultsAndNothingElse() throws IOException {
        Path file = write("""
                headwater {
                  data-dir = /var/headwater
                  http { host = 0.0.0.0, port = 0 }
                  kafka.bootstrap-servers = "a:1,b:2"
                  kafka.properties { security.protocol = SSL, "ssl.key.password" = "p w", linger.ms = 5 }
                  model-defaults.training.steps = 2
                  models {
                    fraud-eu_2 {
                      features { numeric = [amount, "card.limit"], categorical = [merchant], weekday = no }
                      events { topic = in, time = at }
                      erasure.owner = card.number
                      training { device = "gpu:1", batch-age = 1500 microseconds, seed = -5 }
                    }
                    A { features.categorical = [x] , training.steps = 9 }
                  }
                }
                """);

        HeadwaterConfig config = HeadwaterConfig.read(file);

        assertThat(config.dataDir()).isEqualTo(Path.of("/var/headwater"));
        assertThat(config.httpPort()).isZero();
        assertThat(config.kafkaProperties())
                .hasSize(4)
                .containsEntry("bootstrap.servers", "a:1,b:2")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.key.password", "p w")
                .containsEntry("linger.ms", "5");
        assertThat(config.models()).extracting(ModelConfig::name).containsExactly("A", "fraud-eu_2");
        assertThat(config.models().get(0).training().steps()).hasValue(9);
        ModelConfig fraud = config.models().get(1);
        assertThat(fraud.features())
                .isEqualTo(new ModelConfig.Features(
                        List.of("amount", "card.limit"), List.of("merchant"), true, false, 1024, 0, "", 64));
        assertThat(fraud.topics().events()).isEqualTo("in");
        assertThat(fraud.topics().scores()).isEqualTo("fraud-eu_2.scores");
        assertThat(fraud.fields())
                .isEqualTo(new ModelConfig.Fields("id", "at", "label", "label_time", "card.number", "json"));
        assertThat(fraud.training().steps()).hasValue(2);
        assertThat(fraud.training().device()).isEqualTo("gpu:1");
        assertThat(fraud.training().seed()).isEqualTo(-5);
        assertThat(fraud.training().batchAge()).isEqualTo(Duration.ofNanos(1_500_000));
    }

    @Test
    void backbone_readsTextWithALinearHead_andLeavesRatesToIt() {
        ModelConfig mail = HeadwaterConfig.parse("headwater.models.mail { features { text = body, max-tokens = 128 },"
                        + " backbone.file = \"minilm.onnx\" }")
                .models()
                .get(0);

        assertThat(mail.features().text()).isEqualTo("body");
        assertThat(mail.backbone())
                .isEqualTo(new ModelConfig.Backbone(
                        "minilm.onnx",
                        "head",
                        "",
                        "",
                        List.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause"),
                        List.of()));
        assertThat(mail.adaptation().isUsed()).isFalse();
        assertThat(mail.training().learningRate()).isEmpty();
    }

    @Test
    void adaptation_isByTheGradientLearner_betweenTheDomainsOfAField() {
        ModelConfig fraud = HeadwaterConfig.parse("headwater.models.fraud { features.numeric = [amount],"
                        + " adaptation { method = mmd, domain = card.region, source = [home, near] } }")
                .models()
                .get(0);

        assertThat(fraud.adaptation())
                .isEqualTo(new ModelConfig.Adaptation(
                        "mmd",
                        OptionalDouble.empty(),
                        "card.region",
                        List.of("home", "near"),
                        8,
                        64,
                        2048,
                        200,
                        1000,
                        true));
        assertThat(fraud.firstLearner()).isEqualTo(ModelConfig.Learner.GRADIENT);
        assertThat(fraud.learning()).contains("card.region");
    }

    @Test
    void substitution_mayReferToASettingThatTheFileLeavesOut() {
        HeadwaterConfig config = HeadwaterConfig.parse(
                MODEL + "headwater.models.flights.source.file = ${headwater.data-dir}\"/flights.jsonl\"");

        assertThat(config.models().get(0).source().file()).isEqualTo("headwater-data/flights.jsonl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "fraud-eu", "fraud_eu", "F2-_-", "x0123456789"})
    void modelName_withDashAndUnderscore_isAllowed(String name) {
        String text = "headwater.models." + name + ".features.numeric = [x]";

        assertThat(HeadwaterConfig.parse(text).models())
                .extracting(ModelConfig::name)
                .containsExactly(name);
    }

    @Test
    void wholeNumbers_inOtherForms_areAllowed() {
        HeadwaterConfig config = HeadwaterConfig.parse(MODEL
                + "headwater.http.port = \"9000\"\nheadwater.models.flights.training.steps = 2.0\n"
                + "headwater.models.flights.training.seed = 9007199254740993");

        assertThat(config.httpPort()).isEqualTo(9000);
        assertThat(config.models().get(0).training().steps()).hasValue(2);
        assertThat(config.models().get(0).training().seed()).isEqualTo(9007199254740993L);
    }

    @Test
    void akkaSettings_mayStandBeside() {
        assertThatCode(() -> HeadwaterConfig.parse(MODEL + "akka.loglevel = DEBUG"))
                .doesNotThrowAnyException();
    }

    @Test
    void everyDefaultOfAModel_isRead() {
        // Given each key of model-defaults set to null, which no setting may be
        Config defaults = ConfigFactory.defaultReference().getConfig("headwater.model-defaults");
        assertThat(defaults.entrySet()).hasSizeGreaterThan(40);

        defaults.entrySet()
                .forEach(entry -> assertThatThrownBy(() ->
                                HeadwaterConfig.parse(MODEL + "headwater.models.flights." + entry.getKey() + " = null"))
                        .as("a key that nobody reads: %s", entry.getKey())
                        .isInstanceOf(ConfigException.class)
                        .hasMessageStartingWith("headwater.models.flights." + entry.getKey() + " is null"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("headwater.conf"), text);
    }
}
