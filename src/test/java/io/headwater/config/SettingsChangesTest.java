package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SettingsChangesTest {
    private static ModelConfig config(String more) {
        return HeadwaterConfig.parse("headwater.models.m { features.numeric = [x]\n" + more + " }")
                .models()
                .get(0);
    }

    @Test
    void between_namesTheKeysThatDiffer_withBothValues() {
        ModelConfig before = config("training.steps = 2, gate.window = 500, erasure.owner = card");
        ModelConfig now = config("training.steps = auto, gate.window = 500, features.numeric = [x, y]");

        assertThat(SettingsChanges.between(before, now))
                .isEqualTo("erasure.owner is empty and was card; features.numeric is [x, y] and was [x];"
                        + " training.steps is auto and was 2");
    }

    @Test
    void between_ofKeysThatARebuildDoesNotAskFor_saysThatNoneDiffers() {
        assertThat(SettingsChanges.between(config("scoring.threads = 1"), config("scoring.threads = 2")))
                .isEqualTo("no value differs, but the release has other keys");
    }

    @Test
    void between_ofSettingsThatAnOlderReleaseKept_takesWhatWasDoneBeforeTheKey() {
        String kept = config("training.steps = 3").learning().replaceAll("\"leave-out\":\\[],?", "");
        assertThat(kept).doesNotContain("leave-out");

        assertThat(SettingsChanges.between(KeptSettings.read("m", kept, false), config("drift.leave-out = [x]")))
                .contains("drift.leave-out is [x] and was []", "training.steps is auto and was 3");
    }

    @Test
    void between_staysOneSentence() {
        String fields = IntStream.range(0, 90).mapToObj(i -> "x" + i).collect(Collectors.joining(", "));
        ModelConfig now = config("features { numeric = [" + fields + "], buckets = 8, numeric-bins = 4 }\n"
                + "training { steps = 1, seed = 2, batch-size = 3, layer-decay = 0.5, weight-decay = 1, clip-norm = 2 }\n"
                + "gate { window = 10, min-examples = 5, max-worse = 1 }\n"
                + "events.id = i, labels.label = l, erasure.owner = o");

        assertThat(SettingsChanges.between(config(""), now))
                .hasSizeLessThan(1_000)
                .contains("x1, x2", "...")
                .endsWith("; and 3 more");
    }
}
