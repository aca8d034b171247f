package io.headwater.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.api.HealthSource.Model;
import io.headwater.api.HealthSource.Snapshot;
import io.headwater.api.HealthSource.Training;
import io.headwater.metrics.HeadwaterMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Real requests over the loopback to a server on a free port, behind which a {@link Desk} answers. */
abstract class AskedServer {
    static final ObjectMapper JSON = new ObjectMapper();
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static final HeadwaterMetrics METRICS = new HeadwaterMetrics("0.1.0");
    static final Desk DESK = new Desk();
    static final AtomicReference<@Nullable Snapshot> HEALTH = new AtomicReference<>();
    /** One for the tests of all classes, closed by the end of the JVM: Netty takes two seconds to stop. */
    static final HeadwaterServer SERVER = HeadwaterServer.start("127.0.0.1", 0, METRICS, AskedServer::health, DESK);

    record Reply(int status, String type, JsonNode body) {}

    static Snapshot health() {
        return Optional.ofNullable(HEALTH.get()).orElseThrow(() -> new IllegalStateException("planted"));
    }

    @BeforeEach
    void oneModelScores() {
        DESK.calls.clear();
        HEALTH.set(
                new Snapshot(List.of(new Model("flights", 7, true, "cpu", Training.LEARNING, "", Optional.empty()))));
    }

    static URI at(String path) {
        return SERVER.address().resolve(path);
    }

    static Reply get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(path)));
    }

    static Reply post(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    static Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                JSON.readTree(response.body()));
    }
}
