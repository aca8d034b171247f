package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetCurveTest {
    private static final long BEGIN_MS = Instant.parse("2026-02-05T00:00:00Z").toEpochMilli();
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long FIRST_LABEL_MS = BEGIN_MS + DAY_MS / 2 + 1000;

    private final TargetCurve curve = new TargetCurve(BEGIN_MS, FIRST_LABEL_MS);

    private void paid(long slot, Region region, double day, boolean fraud) {
        long timeMs = BEGIN_MS + (long) (day * DAY_MS);
        curve.paid(slot, new RegionPayments.Paid(region, timeMs, 0, 0, new float[0], fraud), (int) day);
    }

    private void judged(long slot, double day, boolean fraud, float adapted, float unadapted, float frozenLogit) {
        paid(slot, Region.abroad(1), day, fraud);
        curve.predicted(slot, frozenLogit);
        curve.unadapted(slot, unadapted);
        curve.scored(slot, adapted);
    }

    /** Before labels the adapted model is right and the others are wrong; since then all of them are right. */
    private void twoDays() {
        judged(10, .1, false, .2f, .6f, 1);
        judged(11, .4, true, .8f, .4f, -1);
        judged(12, .6, false, .1f, .1f, -2);
        judged(13, 1.2, true, .9f, .9f, 2);
        judged(14, 1.3, false, .3f, .2f, 1);
    }

    @Test
    void report_beforeAndAfterTheFirstLabel() {
        twoDays();

        TargetReport report = curve.report();

        assertThat(report.beforeLabels().events()).isEqualTo(2);
        assertThat(report.beforeLabels().adapted().rocAuc()).isEqualTo(1);
        assertThat(report.beforeLabels().adapted().logLoss()).isCloseTo(-Math.log(.8), within(1e-6));
        assertThat(report.beforeLabels().unadapted().rocAuc()).isZero();
        assertThat(report.beforeLabels().frozen().rocAuc()).isZero();
        assertThat(report.beforeLabels().frozen().logLoss()).isCloseTo(Math.log1p(Math.E), within(1e-6));
        assertThat(report.afterLabels().events()).isEqualTo(3);
        assertThat(report.afterLabels().unadapted().rocAuc()).isEqualTo(1);
        assertThat(report.curve()).extracting(TargetReport.Day::day).containsExactly(0, 1);
        assertThat(report.curve().get(0).phase().events()).isEqualTo(3);
        assertThat(Objects.requireNonNull(report.firstLabel()).eventsBefore()).isEqualTo(2);
    }

    @Test
    void report_homeAndWhatNotEveryModelScored_isLeftOut() {
        paid(1, Region.home(1), .1, true);
        curve.predicted(1, 0);
        curve.scored(1, .5f);
        curve.unadapted(1, .5f);
        paid(2, Region.abroad(1), .1, true);
        curve.predicted(2, 0);
        curve.scored(2, .5f);

        TargetReport report = curve.report();

        assertThat(report.beforeLabels().events()).isZero();
        assertThat(report.curve()).isEmpty();
        assertThat(report.firstLabel()).isNull();
    }

    @Test
    void report_anOlderPaymentInTheSameRow_isGivenUp() {
        paid(5, Region.abroad(1), .1, true);
        paid(5 + (1 << 18), Region.abroad(1), .2, true);
        curve.predicted(5, 0);
        curve.scored(5, .5f);
        curve.unadapted(5, .5f);

        assertThat(curve.report().beforeLabels().events()).isZero();
    }

    @Test
    void put_keys() {
        twoDays();
        ObjectNode json = JsonNodeFactory.instance.objectNode();

        curve.report().put(json);

        JsonNode target = json.path("target");
        assertThat(target.at("/before_labels/adapted/roc_auc").asDouble()).isEqualTo(1);
        assertThat(target.at("/before_labels/frozen/events").asInt()).isEqualTo(2);
        assertThat(target.at("/after_labels/unadapted/log_loss").isNumber()).isTrue();
        assertThat(target.at("/first_target_label/time").asText()).isEqualTo("2026-02-05T12:00:01Z");
        assertThat(target.at("/first_target_label/events_before").asInt()).isEqualTo(2);
        assertThat(target.at("/curve/1/day").asInt()).isEqualTo(1);
        assertThat(target.at("/curve/1/adapted").asDouble()).isEqualTo(1);
    }

    @Test
    void toTable_andStanding_sayWhetherThereWereLabels() {
        judged(1, .1, false, .2f, .6f, 1);
        judged(2, .2, true, .8f, .4f, -1);
        assertThat(curve.standing()).isEqualTo("target (no label yet): AUC adapted 1.000 unadapted 0.000");
        assertThat(curve.report().toTable()).doesNotContain("first label");

        judged(3, 1, true, .8f, .4f, -1);

        assertThat(curve.standing()).startsWith("target: ");
        assertThat(curve.report().toTable())
                .contains("first label of the target: 2026-02-05T12:00:01Z, after 2 of its payments")
                .containsPattern("learning, adapted +1\\.0000 +0\\.2231");
    }

    @Test
    void plot_aCurveForEachModelAndAMarkAtTheFirstLabel(@TempDir Path folder) throws IOException {
        twoDays();
        Path file = folder.resolve("shift.svg");

        curve.report().plot(file);

        assertThat(Files.readString(file))
                .contains("<title>adapted</title>", "<title>unadapted</title>", "<title>frozen</title>")
                .contains("class=\"first label\"", "after 2 of its payments");
    }
}
