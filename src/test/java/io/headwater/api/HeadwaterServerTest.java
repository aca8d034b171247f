package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server itself: its address, its metrics, and its sentences for what it does not do. */
final class HeadwaterServerTest extends AskedServer {
    @Test
    void metrics_areServedInPrometheusText() throws Exception {
        METRICS.model("flights").learned(3);

        HttpResponse<String> response =
                CLIENT.send(HttpRequest.newBuilder(at("/metrics")).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).contains("\nheadwater_labels_learned_total{model=\"flights\"} 3.0\n");
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
        Reply reply = send(HttpRequest.newBuilder(at(path)).method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.type()).isEqualTo("application/json; charset=utf-8");
        assertThat(reply.body().size()).isEqualTo(1);
        assertThat(reply.body().path("error").asText()).startsWith(sentence).doesNotContain("\n");
    }

    @Test
    void start_onAPortInUse_saysWhichAndWhereToChange() {
        int port = SERVER.address().getPort();

        assertThatThrownBy(() -> HeadwaterServer.start("127.0.0.1", port, METRICS, AskedServer::health, DESK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1 port " + port + ": ")
                .hasMessageEndingWith("headwater.http.host and headwater.http.port choose another");
    }
}
