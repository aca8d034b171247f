package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoSummaryTest {
    private static DemoSummary summary(Quality adaptive, long passes) {
        return summary(adaptive, passes, null);
    }

    private static DemoSummary summary(Quality adaptive, long passes, @Nullable CardSummary cards) {
        return new DemoSummary(
                7_000,
                140.4,
                6_000,
                12,
                1,
                0,
                2,
                3,
                4,
                passes,
                new Standing(
                        5_900,
                        adaptive,
                        new Quality(.6, .58, .03),
                        new Quality(.61, .57, .02),
                        new Quality(.5, .59, .04)),
                cards,
                new Ledger.Quantiles(40.5, 90),
                new Ledger.Quantiles(1.25, 9.5),
                "http://127.0.0.1:8080");
    }

    @Test
    void toJson_keysOfTheContract() throws IOException {
        String json = summary(new Quality(.7, .5, .01), 1).toJson();

        assertThat(json).doesNotContain("\n");
        assertThat(new ObjectMapper().readTree(json)).isEqualTo(new ObjectMapper().readTree("""
                        {"events_scored":7000,"events_per_second":140,"labels_learned":6000,"versions_promoted":12,"dead_letters":1,
                        "lost":0,"duplicated":2,"compared":5900,"frozen":{"roc_auc":0.6,"log_loss":0.58,"ece":0.03},
                        "frozen_running_intercept":{"roc_auc":0.61,"log_loss":0.57,"ece":0.02},
                        "constant_rate":{"roc_auc":0.5,"log_loss":0.59,"ece":0.04},"adaptive":{"roc_auc":0.7,"log_loss":0.5,"ece":0.01},
                        "label_to_served_ms":{"p50":40.5,"p99":90.0},"score_latency_ms":{"p50":1.25,"p99":9.5},
                        "scored_after_label":3,"versions_back":4,"passes":1,"http":"http://127.0.0.1:8080"}"""));
    }

    @Test
    void toJson_unknown_isNull() throws IOException {
        var json = new ObjectMapper().readTree(summary(Quality.UNKNOWN, 1).toJson());

        assertThat(json.at("/adaptive/roc_auc").isNull()).isTrue();
    }

    @Test
    void toTable_comparesAndSaysWhenTheRecordingRepeated() {
        assertThat(summary(new Quality(.7, .5, .01), 1).toTable())
                .contains("7,000 events scored (140 a second), 0 lost, 2 duplicated")
                .contains("3 events not compared: their label came before their score")
                .containsPattern("adaptive +0\\.7000 +0\\.5000 +0\\.0100")
                .containsPattern("frozen \\+ running intercept +0\\.6100 +0\\.5700")
                .doesNotContain("gone through");
        assertThat(summary(new Quality(.7, .5, .01), 3).toTable()).contains("gone through 3 times");
    }

    private static CardSummary cards() {
        DailyAlerts.Found much = new DailyAlerts.Found(.25, 30);
        DailyAlerts.Found little = new DailyAlerts.Found(.125, 20);
        DailyAlerts.Report all = new DailyAlerts.Report(900, 9, much, little, little);
        DailyAlerts.Report since = new DailyAlerts.Report(300, 3, much, little, little);
        Quality quality = new Quality(.75, .25, .01);
        return new CardSummary(all, since, new Standing(300, new Quality(.875, .2, .01), quality, quality, quality));
    }

    @Test
    void toJson_ofCards_findsOfEachDay() throws IOException {
        var json = new ObjectMapper()
                .readTree(summary(new Quality(.7, .5, .01), 1, cards()).toJson());

        assertThat(json.at("/cp_at_100/adaptive").asDouble()).isEqualTo(.25);
        assertThat(json.at("/cp_at_100/frozen").asDouble()).isEqualTo(.125);
        assertThat(json.at("/alerts_per_day/frozen_running_intercept").asDouble())
                .isEqualTo(20);
        assertThat(json.at("/days").asInt()).isEqualTo(9);
        assertThat(json.at("/since_move/compared").asInt()).isEqualTo(300);
        assertThat(json.at("/since_move/adaptive/roc_auc").asDouble()).isEqualTo(.875);
        assertThat(json.at("/since_move/cp_at_100/adaptive").asDouble()).isEqualTo(.25);
    }

    @Test
    void toTable_ofCards_beforeAndSinceTheMove() {
        assertThat(summary(new Quality(.7, .5, .01), 1, cards()).toTable())
                .containsPattern("since fraud moved, 300 +ROC AUC +log loss +ECE")
                .containsPattern("cards, 9 days +CP@100 +alerts/d")
                .containsPattern("adaptive +0\\.250 +30");
    }
}
