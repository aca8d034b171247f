package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.headwater.Prerequisite;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.ops.Prometheus.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dashboard and the alert rules against a real Prometheus that scrapes the real meters: every expression must
 * select something, so that no panel stays empty for a misspelt name or label. Grafana itself is not run.
 */
final class DashboardIT {
    private static final Path RULES = Path.of("ops/prometheus/headwater.rules.yml");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The metric selectors in a rule; a name that is a label follows '(' or ',' after "by". */
    private static final Pattern SELECTOR = Pattern.compile("\\b(?:headwater_\\w+|up)\\b(?:\\{[^}]*})?");

    @TempDir
    static Path folder;

    private static final HeadwaterMetrics METRICS = new HeadwaterMetrics("0.1.0-test");
    private static final SampleTraffic TRAFFIC = new SampleTraffic(METRICS);
    private static @Nullable HttpServer endpoint;
    private static @Nullable Prometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        Prerequisite.require(
                Prometheus.installed(),
                DashboardIT.class,
                "no prometheus and promtool on the path (Debian: prometheus)");
        HttpServer serving = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint = serving;
        serving.createContext("/metrics", exchange -> {
            byte[] text = METRICS.scrape();
            exchange.getResponseHeaders().set("Content-Type", METRICS.contentType());
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        serving.start();
        Files.copy(RULES, folder.resolve(RULES.getFileName()));
        String config = Files.readString(Path.of("ops/prometheus/prometheus.yml"))
                .replace("headwater:8080", "127.0.0.1:" + serving.getAddress().getPort())
                .replaceAll("(scrape|evaluation)_interval: \\d+s", "$1_interval: 500ms");
        Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
        prometheus = Prometheus.start(file, folder);
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (endpoint != null) {
            endpoint.stop(0);
        }
        METRICS.close();
    }

    @ParameterizedTest
    @MethodSource("dashboardExpressions")
    void dashboardExpression_selectsAFiniteValue(String expression) {
        String sent = Dashboard.withAllSelected(expression);
        assertThat(sent).as("no variable is left in it").doesNotContain("$");
        await(sent).atMost(PATIENCE).untilAsserted(() -> {
            TRAFFIC.flow();
            assertThat(server().query(sent)).anyMatch(Double::isFinite);
        });
    }

    static Stream<String> dashboardExpressions() throws IOException {
        Dashboard dashboard = Dashboard.read(DashboardTest.FILE);
        return Stream.concat(
                        dashboard.panels().stream().flatMap(panel -> panel.expressions().stream()),
                        dashboard.annotations().stream())
                .distinct();
    }

    @Test
    void everyVariable_hasAValueToChoose() throws IOException {
        assertThat(Dashboard.read(DashboardTest.FILE).variables())
                .isNotEmpty()
                .allSatisfy(variable -> await(variable.name())
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(server().labelValues(
                                                Dashboard.withAllSelected(variable.selector()), variable.label()))
                                .isNotEmpty()));
    }

    @Test
    void everyRule_isEvaluatedWithoutError() {
        await("rules").atMost(PATIENCE).untilAsserted(() -> {
            List<JsonNode> rules = server().rules();
            assertThat(rules)
                    .isNotEmpty()
                    .allSatisfy(rule -> assertThat(rule.path("health").asText())
                            .as("%s: %s", rule.path("name"), rule.path("lastError"))
                            .isEqualTo("ok"));
        });
    }

    /** A comparison selects nothing in health, so a rule is checked by what it compares. */
    @Test
    void everySelectorOfARule_selectsASeries() throws IOException {
        TreeSet<String> selectors = new TreeSet<>();
        Files.readAllLines(RULES).stream()
                .filter(line -> !line.contains("summary:") && !line.contains("description:"))
                .forEach(line -> {
                    Matcher matcher = SELECTOR.matcher(line);
                    while (matcher.find()) {
                        selectors.add(matcher.group());
                    }
                });
        assertThat(selectors)
                .hasSizeGreaterThan(5)
                .allSatisfy(selector -> await(selector)
                        .atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(server().query(selector)).isNotEmpty()));
    }

    @Test
    void promtool_findsTheRulesRight() throws Exception {
        Outcome checked = Prometheus.promtool("check", "rules", RULES.toString());
        assertThat(checked.status()).as(checked.output()).isZero();
    }

    @Test
    void alerts_fireInTrouble_andKeepQuietInHealth() throws Exception {
        Outcome tested = Prometheus.promtool("test", "rules", "ops/prometheus/headwater.rules.test.yml");
        assertThat(tested.status()).as(tested.output()).isZero();
    }

    private static Prometheus server() {
        return Objects.requireNonNull(prometheus);
    }
}
