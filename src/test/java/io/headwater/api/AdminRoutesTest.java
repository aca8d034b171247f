package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator may ask, and from where. */
final class AdminRoutesTest extends AskedServer {
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
    void versionThatWaits_isListedWithItsAgeAndHowTheLineStandsNow() throws Exception {
        JsonNode waits =
                get("/admin/models/flights/versions").body().path("versions").path(2);

        assertThat(waits.path("waiting"))
                .isEqualTo(JSON.readTree("{\"since\": \"1970-01-01T00:00:01Z\", \"waitedMs\": 90000, \"champion\": 2,"
                        + " \"examplesLearnedSince\": 70, \"now\": {\"champion_log_loss_nats\": 0.5}}"));
    }

    @Test
    void promote_withoutAnything_leavesTheChoiceToTheDesk() throws Exception {
        assertThat(post("/admin/models/flights/promote").body()).isEqualTo(JSON.readTree("{\"version\": 2}"));
        assertThat(DESK.calls).containsExactly("PROMOTE flights OptionalLong.empty by operator: no reason given");
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
    void audit_isBounded() throws Exception {
        get("/admin/models/flights/audit");
        get("/admin/models/flights/audit?last=7");

        assertThat(get("/admin/models/flights/audit?last=100001")
                        .body()
                        .path("error")
                        .asText())
                .isEqualTo("last must be a whole number from 1 to 100000, not '100001'");
        assertThat(DESK.calls).containsExactly("audit 1000", "audit 7");
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
        Reply reply = send(HttpRequest.newBuilder(at("/admin/models/flights/rollback?version=1"))
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
        assumeFalse(outside.isLoopbackAddress(), "the machine has a network");
        try (HeadwaterServer open =
                HeadwaterServer.start(outside.getHostAddress(), 0, METRICS, AskedServer::health, DESK)) {
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
                "{\"owners\":[4711]}",
                "{\"owners\":[\"card 4711\"]}\n{\"owners\":[\"card 8\"]}",
                "{\"owners\":[\"card 4711\"],\"owners\":[\"card 8\"]}"
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
        return send(HttpRequest.newBuilder(at("/admin/models/flights/erase?who=officer&why=a%20letter"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }
}
