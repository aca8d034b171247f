package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.HeadwaterConfig;
import io.headwater.event.LabeledExample;
import io.headwater.metrics.HeadwaterMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceExamplesTest {
    @TempDir
    Path folder;

    private List<LabeledExample> read(String features) throws IOException {
        Path file = Files.writeString(folder.resolve("source.jsonl"), """
                {"id":"1","time":1700000000000,"amount":5,"shop":"a","label":0}
                {"id":"2","time":1700000000001,"amount":7,"shop":"b","label":1}
                """);
        HeadwaterConfig config = HeadwaterConfig.parse(
                "headwater.models.m { source.file = \"" + file + "\", features { " + features + " } }");
        return SourceExamples.of(
                new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC()));
    }

    @Test
    void fieldThatSomeExamplesLack_isNoObstacle() throws IOException {
        assertThat(read("numeric = [amount, later], categorical = [shop]")).hasSize(2);
    }

    /** A slip of the pen would serve a model that knows nothing. */
    @Test
    void fieldsThatNoExampleHas_areRefused() {
        assertThatThrownBy(() -> read("numeric = [Amount], categorical = [Shop]"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none of the 2 examples in")
                .hasMessageContaining("headwater.models.m.features names: Amount, Shop");
    }

    @Test
    void fileThatIsNot_isSaidSo() {
        HeadwaterConfig config = HeadwaterConfig.parse(
                "headwater.models.m { source.file = nowhere.jsonl, features.numeric = [amount] }");
        ModelParts parts = new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC());

        assertThatThrownBy(() -> SourceExamples.of(parts))
                .hasMessage("headwater.models.m.source.file: nowhere.jsonl cannot be read: there is no file or folder"
                        + " nowhere.jsonl");
    }
}
