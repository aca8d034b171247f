package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.api.HealthSource.Model;
import io.headwater.api.HealthSource.Snapshot;
import io.headwater.api.HealthSource.Training;
import io.headwater.registry.Waiting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a load balancer and a client of the V2 protocol are told. */
final class HealthRoutesTest extends AskedServer {
    @Test
    void ready_withAScoringModel_is200AndTellsVersionDeviceAndTraining() throws Exception {
        Reply reply = get("/v2/health/ready");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).isEqualTo("application/json; charset=utf-8");
        assertThat(reply.body()).isEqualTo(JSON.readTree("""
                        {"ready": true, "models": [{"name": "flights", "version": 7, "scoring": true,
                         "device": "cpu", "training": {"state": "learning"}}]}"""));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "7, false"})
    void ready_withoutAModelOrWithoutScoring_is503WhileLiveIs200(int version, boolean scoring) throws Exception {
        HEALTH.set(new Snapshot(List.of(
                new Model("flights", 7, true, "cpu", Training.LEARNING, "", Optional.empty()),
                new Model("fraud", version, scoring, "none", Training.STARTING, "", Optional.empty()))));

        assertThat(get("/v2/health/ready").status()).isEqualTo(503);
        assertThat(get("/v2/health/ready").body().path("ready")).isEqualTo(JSON.readTree("false"));
        assertThat(get("/v2/health/live").status()).isEqualTo(200);
        assertThat(get("/v2/models/flights/ready").status()).isEqualTo(200);
        assertThat(get("/v2/models/fraud/ready").status()).isEqualTo(503);
    }

    @Test
    void ready_withoutAnyModel_is503() throws Exception {
        HEALTH.set(new Snapshot(List.of()));

        assertThat(get("/v2/health/ready").status()).isEqualTo(503);
    }

    @Test
    void ready_whileTrainingIsDown_is200AndSaysWhy() throws Exception {
        HEALTH.set(new Snapshot(List.of(
                new Model("flights", 7, true, "gpu:0", Training.ENDED, "the device gpu:0 is lost", Optional.empty()))));

        Reply reply = get("/v2/health/ready");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("models").path(0).path("training"))
                .isEqualTo(JSON.readTree("{\"state\": \"ended\", \"reason\": \"the device gpu:0 is lost\"}"));
    }

    @Test
    void health_tellsWhatWaits() throws Exception {
        HEALTH.set(new Snapshot(List.of(new Model(
                "flights",
                7,
                true,
                "cpu",
                Training.LEARNING,
                "",
                Optional.of(new Waiting(8, 7, 1_000, 400, "ann", "good"))))));

        assertThat(get("/v2/health/ready").body().path("models").path(0).path("waiting"))
                .isEqualTo(JSON.readTree("{\"version\": 8, \"since\": \"1970-01-01T00:00:01Z\", \"approved\": true}"));
    }

    @Test
    void metadata_namesServerAndModel() throws Exception {
        assertThat(get("/v2").body())
                .isEqualTo(JSON.readTree("{\"name\": \"headwater\", \"version\": \"0.1.0\", \"extensions\": []}"));
        assertThat(get("/v2/models/flights").body())
                .isEqualTo(JSON.readTree(
                        "{\"name\": \"flights\", \"versions\": [\"7\"], \"platform\": \"onnxruntime_onnx\"}"));
    }

    @Test
    void snapshot_thatThrows_isAnswered500WithASentence() throws Exception {
        HEALTH.set(null);

        Reply reply = get("/v2/health/ready");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body().path("error").asText()).isEqualTo("/v2/health/ready failed; the log says why");
    }
}
