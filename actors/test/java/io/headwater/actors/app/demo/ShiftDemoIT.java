package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole shift demo, with its broker and its two models, sped up until labels of the target have come. */
class ShiftDemoIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    /** Two weeks of the stream in seconds; what it shows of adaptation needs the usual speed. */
    private static final double FAST = 400_000;

    private static final int ENOUGH = 200;
    private static final int FIRST_LABEL_DAY = 14;

    @TempDir
    Path work = Path.of("");

    @Test
    void demo_untilLabelsOfTheTargetCame_losesNothing_andTellsItsFigures() throws Exception {
        ShiftScenario scenario = new ShiftScenario(7);
        Ledger any = new Ledger(.01);
        CountDownLatch never = new CountDownLatch(1);
        Demo.Until labelsCame = most -> {
            // Nobody else ends it: the demo looks again every so often.
            boolean ended = never.await(most.toMillis(), TimeUnit.MILLISECONDS);
            return ended || scenario.findings(any).afterLabels().events() >= ENOUGH;
        };

        DemoSummary summary = new Demo(
                        scenario,
                        work,
                        FAST,
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
                .run(LONG, labelsCame);

        JsonNode json = new ObjectMapper().readTree(summary.toJson());
        assertThat(json.path("lost").asLong(-1)).isZero();
        assertThat(json.path("duplicated").asLong(-1)).isZero();
        assertThat(json.path("dead_letters").asLong(-1)).isZero();
        for (String key : List.of(
                "events_scored",
                "labels_learned",
                "versions_promoted",
                "frozen",
                "adaptive",
                "label_to_served_ms",
                "score_latency_ms",
                "http")) {
            assertThat(json.has(key)).as(key).isTrue();
        }
        assertThat(json.path("labels_learned").asLong()).isPositive();
        target(json.path("target"));
    }

    private static void target(JsonNode target) {
        JsonNode first = target.path("first_target_label");
        assertThat(first.path("day").asDouble()).isBetween(FIRST_LABEL_DAY + 0.0, FIRST_LABEL_DAY + 0.1);
        long before = first.path("events_before").asLong();
        assertThat(before).isGreaterThan(10_000);
        assertThat(first.path("time").asText()).matches("20\\d\\d-.*Z");
        assertThat(target.at("/before_labels/adapted/events").asLong()).isEqualTo(before);
        assertThat(target.at("/after_labels/adapted/events").asLong()).isGreaterThanOrEqualTo(ENOUGH);
        for (String phase : List.of("before_labels", "after_labels")) {
            for (String model : List.of("adapted", "unadapted", "frozen")) {
                assertThat(target.at("/" + phase + "/" + model + "/log_loss").asDouble())
                        .as(phase + " " + model)
                        .isBetween(0.01, 5.0);
            }
        }
        JsonNode curve = target.path("curve");
        assertThat(curve.size()).isGreaterThan(FIRST_LABEL_DAY);
        long events = 0;
        for (int day = 0; day < curve.size(); day++) {
            assertThat(curve.get(day).path("day").asInt()).isEqualTo(day);
            events += curve.get(day).path("events").asLong();
        }
        assertThat(events)
                .isEqualTo(before + target.at("/after_labels/adapted/events").asLong());
    }
}
