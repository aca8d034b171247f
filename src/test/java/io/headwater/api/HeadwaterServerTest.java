package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.api.HealthSource.Model;
import io.headwater.api.HealthSource.Snapshot;
import io.headwater.api.HealthSource.Training;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real requests over the loopback to a server on a free port. */
final class HeadwaterServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final HeadwaterMetrics METRICS = new HeadwaterMetrics("0.1.0");
    private static final Desk DESK = new Desk();
    private static final AtomicReference<@Nullable Snapshot> HEALTH = new AtomicReference<>();
    /** One for all tests: Netty takes two seconds to stop. */
    private static final HeadwaterServer SERVER =
            HeadwaterServer.start("127.0.0.1", 0, METRICS, HeadwaterServerTest::health, DESK);

    private static Snapshot health() {
        return Optional.ofNullable(HEALTH.get()).orElseThrow(() -> new IllegalStateException("planted"));
    }

    private record Reply(int status, String type, JsonNode body) {}

    @BeforeEach
    void oneModelScores() {
        DESK.calls.clear();
        HEALTH.set(
                new Snapshot(List.of(new Model("flights", 7, true, "cpu", Training.LEARNING, "", Optional.empty()))));
    }

    @AfterAll
    static void close() {
        SERVER.close();
        METRICS.close();
    }

    @Test
    void metrics_areServedInPrometheusText() throws Exception {
        METRICS.model("flights").learned(3);

        HttpResponse<String> response = CLIENT.send(
                HttpRequest.newBuilder(SERVER.address().resolve("/metrics")).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).contains("\nheadwater_labels_learned_total{model=\"flights\"} 3.0\n");
    }

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
    void metadata_namesServerAndModel() throws Exception {
        assertThat(get("/v2").body())
                .isEqualTo(JSON.readTree("{\"name\": \"headwater\", \"version\": \"0.1.0\", \"extensions\": []}"));
        assertThat(get("/v2/models/flights").body())
                .isEqualTo(JSON.readTree(
                        "{\"name\": \"flights\", \"versions\": [\"7\"], \"platform\": \"onnxruntime_onnx\"}"));
    }

    @Test
    void versions_listsManifestsAndTheOneThatServes() throws Exception {
        Reply reply = get("/admin/models/flights/versions");

        assertThat(reply.status()).isEqualTo(200);
        JsonNode versions = reply.body().path("versions");
        assertThat(versions.findValuesAsText("version")).containsExactly("1", "2", "3");
        assertThat(versions.findValuesAsText("serves")).containsExactly("false", "true", "false");
        assertThat(versions.findValuesAsText("pinned")).containsExactly("true", "false", "false");
        assertThat(versions.findValuesAsText("state")).containsExactly("kept", "serving", "waiting");
        assertThat(versions.path(0).path("verdict").asText()).isEqualTo("the source model");
    }

    @Test
    void rollback_withAVersion_reachesTheDeskWithWhoAndWhy() throws Exception {
        Reply reply = post("/admin/models/flights/rollback?version=1&who=ann&why=too+many%20alerts");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(JSON.readTree("{\"version\": 1}"));
        assertThat(DESK.calls).containsExactly("ROLL_BACK flights OptionalLong[1] by ann: too many alerts");
    }

    @Test
    void pinAndUnpin_reachTheDeskWithWhoAndWhy() throws Exception {
        assertThat(post("/admin/models/flights/pin?who=ann&why=inquiry").body())
                .isEqualTo(JSON.readTree("{\"version\": 2}"));
        assertThat(post("/admin/models/flights/unpin?version=1&who=ben").status())
                .isEqualTo(200);

        assertThat(DESK.calls)
                .containsExactly(
                        "PIN flights OptionalLong.empty by ann: inquiry",
                        "UNPIN flights OptionalLong[1] by ben: no reason given");
    }

    @Test
    void versionThatWaits_isListedWithItsAgeAndHowTheLineStandsNow() throws Exception {
        JsonNode waits =
                get("/admin/models/flights/versions").body().path("versions").path(2);

        assertThat(waits.path("waiting"))
                .isEqualTo(JSON.readTree("{\"since\": \"1970-01-01T00:00:01Z\", \"waitedMs\": 90000, \"champion\": 2,"
                        + " \"examplesLearnedSince\": 70, \"now\": {\"champion_log_loss_nats\": 0.5}}"));
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
    void approveAndReject_reachTheDeskWithWhoAndWhy() throws Exception {
        assertThat(post("/admin/models/flights/approve?version=2&who=ann&why=good")
                        .status())
                .isEqualTo(200);
        assertThat(post("/admin/models/flights/reject?version=1&who=ann").status())
                .isEqualTo(200);

        assertThat(DESK.calls)
                .containsExactly(
                        "APPROVE flights OptionalLong[2] by ann: good",
                        "REJECT flights OptionalLong[1] by ann: no reason given");
    }

    @Test
    void audit_tellsWhoDidWhat() throws Exception {
        assertThat(get("/admin/models/flights/audit").body())
                .isEqualTo(JSON.readTree("{\"audit\": [{\"timeMs\": 5, \"who\": \"ann\", \"action\": \"PIN\","
                        + " \"version\": 1, \"from\": 2, \"why\": \"an inquiry\"}]}"));
    }

    @Test
    void promote_withoutAnything_leavesTheChoiceToTheDesk() throws Exception {
        assertThat(post("/admin/models/flights/promote").body()).isEqualTo(JSON.readTree("{\"version\": 2}"));
        assertThat(DESK.calls).containsExactly("PROMOTE flights OptionalLong.empty by operator: no reason given");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /v2/health/alive,                            404, there is no GET /v2/health/alive; there are /metrics",
        "GET,  /,                                           404, there is no GET /; there are /metrics",
        "GET,  /v2/models/spam,                             404, there is no model 'spam' here",
        "GET,  /admin/models/spam/versions,                 404, there is no model 'spam'",
        "POST, /admin/models/flights/rollback?version=9,    404, flights has no version 9; kept are 1 and 2",
        "POST, /admin/models/flights/promote?version=2,     409, version 2 of flights serves already",
        "GET,  /admin/models/flights/rollback?version=1,    405, GET /admin/models/flights/rollback",
        "POST, /metrics,                                    405, POST /metrics is not allowed; what changes a version",
        "POST, /admin/models/flights/rollback?version=-1,   400, 'version must be a whole number from 1 up, not ''-1'''",
        "POST, /admin/models/flights/rollback?version=x,    400, 'version must be a whole number from 1 up, not ''x'''",
        "POST, /admin/models/flights/rollback?version=99999999999999999999, 400, version must be a whole number",
        "POST, /admin/models/broken/rollback?version=1,     503, /admin/models/broken/rollback got no answer",
    })
    void request_thatCannotBeDone_isAnsweredWithOneSentence(String method, String path, int status, String sentence)
            throws Exception {
        Reply reply = send(HttpRequest.newBuilder(SERVER.address().resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.type()).isEqualTo("application/json; charset=utf-8");
        assertThat(reply.body().size()).isEqualTo(1);
        assertThat(reply.body().path("error").asText()).startsWith(sentence).doesNotContain("\n");
    }

    @Test
    void rollback_withALongReason_isRefusedBeforeTheDeskHearsOfIt() throws Exception {
        Reply reply = post("/admin/models/flights/rollback?why=" + "x".repeat(1_001));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("error").asText()).isEqualTo("why must be at most 1000 characters, not 1001");
        assertThat(DESK.calls).isEmpty();
    }

    @Test
    void rollback_fromAWebPage_isForbidden() throws Exception {
        Reply reply = send(HttpRequest.newBuilder(SERVER.address().resolve("/admin/models/flights/rollback?version=1"))
                .header("Origin", "https://elsewhere.example")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(DESK.calls).isEmpty();
    }

    @Test
    void rollback_fromAnAddressThatIsNotLoopback_isForbiddenWhileHealthIsAnswered() throws Exception {
        InetAddress outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
        org.junit.jupiter.api.Assumptions.assumeFalse(outside.isLoopbackAddress(), "the machine has a network");
        try (HeadwaterServer open =
                HeadwaterServer.start(outside.getHostAddress(), 0, METRICS, HeadwaterServerTest::health, DESK)) {
            URI rollback = open.address().resolve("/admin/models/flights/rollback?version=1");

            assertThat(send(HttpRequest.newBuilder(open.address().resolve("/v2/health/ready")))
                            .status())
                    .isEqualTo(200);
            assertThat(send(HttpRequest.newBuilder(rollback).POST(HttpRequest.BodyPublishers.noBody()))
                            .status())
                    .isEqualTo(403);
            assertThat(DESK.calls).isEmpty();
        }
    }

    @Test
    void start_onAPortInUse_saysWhichAndWhereToChange() {
        int port = SERVER.address().getPort();

        assertThatThrownBy(() -> HeadwaterServer.start("127.0.0.1", port, METRICS, HeadwaterServerTest::health, DESK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1 port " + port + ": ")
                .hasMessageEndingWith("headwater.http.host and headwater.http.port choose another");
    }

    @Test
    void snapshot_thatThrows_isAnswered500WithASentence() throws Exception {
        HEALTH.set(null);

        Reply reply = get("/v2/health/ready");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body().path("error").asText()).isEqualTo("/v2/health/ready failed; the log says why");
    }

    private Reply get(String path) throws Exception {
        return send(HttpRequest.newBuilder(SERVER.address().resolve(path)));
    }

    @Test
    void erase_takesOwnersFromTheBody_andSaysWhatWasDone() throws Exception {
        Reply reply = erase("{\"owners\":[\"card 4711\",\"card 8\"]}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("step").asLong()).isEqualTo(812);
        assertThat(reply.body().path("rows").asLong()).isEqualTo(2);
        assertThat(reply.body().path("versions")).hasSize(2);
        assertThat(reply.body().path("remains")).hasSize(1);
        assertThat(DESK.calls).last().isEqualTo("erase 2 of flights by officer: a letter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"owners\":\"card 4711\"}",
                "{\"owners\":[]}",
                "{\"owners\":[\"\"]}",
                "{\"owners\":[4711]}"
            })
    void erase_ofSomethingElse_isRefusedWithoutANameInTheSentence(String body) throws Exception {
        Reply reply = erase(body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("error").asText())
                .startsWith("the body must be {\"owners\": [\"...\"]}")
                .doesNotContain("4711");
    }

    @Test
    void erase_ofMoreThanOneRequestHolds_isRefused() throws Exception {
        String owners = IntStream.rangeClosed(0, 10_000)
                .mapToObj(n -> "\"" + n + "\"")
                .collect(Collectors.joining(",", "{\"owners\":[", "]}"));

        Reply reply = erase(owners);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("error").asText()).contains("there are 10001");
    }

    private Reply erase(String body) throws Exception {
        return send(HttpRequest.newBuilder(
                        SERVER.address().resolve("/admin/models/flights/erase?who=officer&why=a%20letter"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Reply post(String path) throws Exception {
        return send(HttpRequest.newBuilder(SERVER.address().resolve(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                JSON.readTree(response.body()));
    }

    /** A desk with versions 1 and 2 of "flights", of which 2 serves, and a "broken" model that does not answer. */
    private static final class Desk implements ModelAdmin {
        private static final Waits WAITS = new Waits(
                new Waiting(3, 2, 1_000, 400, "", ""),
                91_000,
                Optional.of(new Line(70, Map.of("champion_log_loss_nats", 0.5))));
        private final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<Answer<List<Version>>> versions(String model) {
            return CompletableFuture.completedFuture(
                    model.equals("flights")
                            ? new Done<>(List.of(
                                    new Version(manifest(1), false, true, Optional.empty()),
                                    new Version(manifest(2), true, false, Optional.empty()),
                                    new Version(manifest(3), false, false, Optional.of(WAITS))))
                            : new Refused<>(Cause.UNKNOWN, "there is no model '" + model + "'"));
        }

        @Override
        public CompletionStage<Answer<Long>> change(
                String model, Action how, OptionalLong version, String who, String why) {
            if (how == Action.PROMOTE && version.equals(OptionalLong.of(2))) {
                return CompletableFuture.completedFuture(
                        new Refused<>(Cause.CONFLICT, "version 2 of flights serves already"));
            }
            long usual = how == Action.ROLL_BACK ? 1 : 2;
            return choose(how.name(), model, version, version.orElse(usual), who, why);
        }

        @Override
        public CompletionStage<Answer<List<AuditRecord>>> audit(String model) {
            return CompletableFuture.completedFuture(
                    new Done<>(List.of(new AuditRecord(5, "ann", AuditRecord.Action.PIN, 1, 2, "an inquiry"))));
        }

        @Override
        public CompletionStage<Answer<Erasure>> erase(String model, List<String> owners, String who, String why) {
            calls.add("erase " + owners.size() + " of " + model + " by " + who + ": " + why);
            return CompletableFuture.completedFuture(
                    new Done<>(new Erasure(812, owners.size(), 1, 3, List.of(1L, 2L), false, List.of("the weights"))));
        }

        private CompletionStage<Answer<Long>> choose(
                String how, String model, OptionalLong version, long chosen, String who, String why) {
            if (model.equals("broken")) {
                return CompletableFuture.failedFuture(new IllegalStateException("planted"));
            }
            if (chosen > 2) {
                return CompletableFuture.completedFuture(
                        new Refused<>(Cause.UNKNOWN, "flights has no version " + chosen + "; kept are 1 and 2"));
            }
            calls.add(how + " " + model + " " + version + " by " + who + ": " + why);
            return CompletableFuture.completedFuture(new Done<>(chosen));
        }

        private static Manifest manifest(long version) {
            return new Manifest(
                    "flights",
                    version,
                    version - 1,
                    0,
                    0,
                    "",
                    "",
                    0,
                    0,
                    0,
                    Map.of(),
                    "",
                    new Manifest.Features(List.of(), List.of(), 2, "", "", ""),
                    Map.of(),
                    version == 1 ? "the source model" : "better",
                    AuditRecord.GATE,
                    "",
                    Map.of());
        }
    }
}
