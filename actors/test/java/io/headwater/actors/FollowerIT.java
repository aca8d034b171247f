package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headwater.config.HeadwaterConfig;
import io.headwater.registry.VersionStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second service that only serves: it has the trainer's versions, and none of its own. */
class FollowerIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String EAGER = "gate { min-examples = 50, candidate-examples = 64, max-worse = 10 }";

    @TempDir
    Path work;

    @Test
    void follower_servesWhatTheTrainerServes_throughPromotionRollBackAndRestart() throws Exception {
        try (RunningService trainer = RunningService.start(work, EAGER + "\nlearner = mixture\n")) {
            Service follower = follow(trainer, "serving");
            try {
                assertThat(version(follower)).isEqualTo(1);

                // A promotion reaches it
                trainer.sendLabels(0, 400);
                assertThat(trainer.service().awaitLearned(RunningService.MODEL, 400, LONG))
                        .isTrue();
                await().atMost(LONG)
                        .until(() ->
                                trainer.service().progress(RunningService.MODEL).version() > 1);
                await().atMost(LONG).until(() -> version(follower) > 1);
                long promoted = version(follower);
                try (VersionStore theirs = VersionStore.forReading(work.resolve("models"), RunningService.MODEL);
                        VersionStore ours = VersionStore.forReading(work.resolve("following"), RunningService.MODEL)) {
                    assertThat(ours.onnx(promoted)).isEqualTo(theirs.onnx(promoted));
                    assertThat(ours.manifest(promoted)).isEqualTo(theirs.manifest(promoted));
                }

                // And a roll back, which it would not do by itself
                assertThat(post(follower.address(), "rollback").statusCode()).isEqualTo(409);
                assertThat(trainer.http("POST", "/admin/models/m/rollback?version=1&who=ann")
                                .statusCode())
                        .isEqualTo(200);
                await().atMost(LONG).until(() -> version(follower) == 1);
                assertThat(follower.progress(RunningService.MODEL).learned()).isZero();
            } finally {
                follower.close();
            }

            // It comes back with what it had, and does not train even if told to
            Service again = follow(trainer, "serving");
            assertThat(version(again)).isEqualTo(1);
            again.close();
            assertThatThrownBy(() -> follow(trainer, "training").close())
                    .hasStackTraceContaining("were made by another process that this one followed");
        }
    }

    private static long version(Service service) {
        return service.progress(RunningService.MODEL).version();
    }

    private Service follow(RunningService trainer, String role) throws Exception {
        HeadwaterConfig config = HeadwaterConfig.parse("headwater { data-dir = \"" + work.resolve("following")
                + "\", http.port = 0, kafka.bootstrap-servers = \"" + trainer.bootstrapServers() + "\", models.m { "
                + RunningService.Records.TABULAR.features() + ", role = " + role
                + ", scoring.instance = follower } }");
        Service service = Service.start(config, Clock.systemUTC());
        try {
            service.ready().get(60, TimeUnit.SECONDS);
            return service;
        } catch (Exception e) {
            service.close();
            throw e;
        }
    }

    private static HttpResponse<String> post(URI address, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address.resolve("/admin/models/m/" + path))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
