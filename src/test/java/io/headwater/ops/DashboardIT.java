package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.Prerequisite;
import io.headwater.api.HeadwaterServer;
import io.headwater.api.HealthSource;
import io.headwater.api.ModelAdmin;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.ops.Prometheus.Outcome;
import io.headwater.registry.AuditRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
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
 * The dashboard and the alert rules against a real Prometheus that scrapes the real server: every expression must
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
    private static @Nullable HeadwaterServer endpoint;
    private static @Nullable Prometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        Prerequisite.require(
                Prometheus.installed(),
                DashboardIT.class,
                "no prometheus and promtool on the path (Debian: prometheus)");
        HeadwaterServer serving = HeadwaterServer.start(
                "127.0.0.1", 0, METRICS, () -> new HealthSource.Snapshot(List.of()), new NoAdministration());
        endpoint = serving;
        Files.copy(RULES, folder.resolve(RULES.getFileName()));
        String config = Files.readString(Path.of("ops/prometheus/prometheus.yml"))
                .replace("headwater:8080", serving.address().getAuthority())
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
            endpoint.close();
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

    /** Prometheus asks for nothing but metrics. */
    private static final class NoAdministration implements ModelAdmin {
        @Override
        public CompletionStage<Answer<List<Version>>> versions(String model) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Answer<Long>> change(
                String model, AuditRecord.Action how, OptionalLong version, String who, String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Answer<Erasure>> erase(String model, List<String> owners, String who, String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Answer<List<AuditRecord>>> audit(String model, int last) {
            throw new UnsupportedOperationException();
        }
    }

    private static Prometheus server() {
        return Objects.requireNonNull(prometheus);
    }
}
