package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.event.Score;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.Recovery;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose versions serve by an operator's word, on a real broker. */
class ApprovalIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REQUIRED =
            "gate { min-examples = 50, candidate-examples = 64, max-worse = 10, approval = required }";

    @TempDir
    Path work;

    @Test
    void candidate_waitsThroughARestart_andServesWhenItIsApproved_asARecordedStep() throws Exception {
        try (RunningService running = RunningService.start(work, REQUIRED)) {
            running.sendLabels(0, 500);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 500, LONG))
                    .isTrue();
            await().atMost(LONG).until(() -> !waiting(running).isMissingNode());
            long version = waiting(running).path("version").asLong();

            running.restart();
            assertThat(waiting(running).path("version").asLong()).isEqualTo(version);
            running.sendEvents(0, 50);
            assertThat(running.scores(50, LONG)).extracting(Score::version).containsOnly(1L);
            JsonNode shown = shown(running, version);
            assertThat(shown.path("state").asText()).isEqualTo("waiting");
            assertThat(shown.path("gate").path("champion_log_loss_nats").isNumber())
                    .isTrue();
            assertThat(shown.path("waiting")
                            .path("now")
                            .path("champion_log_loss_nats")
                            .isNumber())
                    .isTrue();
            assertThat(shown.path("waiting").path("examplesLearnedSince").asLong())
                    .isPositive();
            assertThat(running.http("GET", "/metrics").body())
                    .containsPattern("headwater_waiting_version\\{[^}]*} " + version)
                    .containsPattern("headwater_waiting_since_seconds\\{[^}]*} 1\\.\\d+E9");

            HttpResponse<String> refused = running.http("POST", "/admin/models/m/approve?who=ann&version=" + 999);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("the one that waits is version " + version);
            assertThat(running.http("POST", "/admin/models/m/approve?who=ann&why=good&version=" + version)
                            .statusCode())
                    .isEqualTo(200);

            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).version() == version);
            assertThat(shown(running, version).path("approver").asText()).isEqualTo("ann");
            running.stopService();
            List<LineageRecord> records = running.lineage();
            assertThat(records)
                    .filteredOn(record -> record.version() > 0)
                    .extracting(record -> record.kind() + " " + record.version())
                    .containsExactly(Kind.PROMOTED + " " + version);
            assertThat(running.rebuild()).isEqualTo(new Recovery.Replayed(records.size(), 0, List.of()));
        }
    }

    /** What waits, as health tells it. */
    private static JsonNode waiting(RunningService running) throws Exception {
        return JSON.readTree(running.http("GET", "/v2/health/ready").body())
                .path("models")
                .path(0)
                .path("waiting");
    }

    private static JsonNode shown(RunningService running, long version) throws Exception {
        JsonNode versions = JSON.readTree(
                        running.http("GET", "/admin/models/m/versions").body())
                .path("versions");
        for (JsonNode one : versions) {
            if (one.path("version").asLong() == version) {
                return one;
            }
        }
        throw new AssertionError("no version " + version + " in " + versions);
    }
}
