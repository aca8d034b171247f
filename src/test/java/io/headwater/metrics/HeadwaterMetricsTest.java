package io.headwater.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeadwaterMetricsTest {
    private final HeadwaterMetrics metrics = new HeadwaterMetrics("0.1.0");
    private final ModelMeters flights = metrics.model("flights");

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void scrape_afterEverythingHappenedOnce_namesEachMeterWithItsTypeAndTags() {
        ScoringMeters scoring = flights.scoring();
        scoring.scored(1_000);
        scoring.batch(1);
        scoring.committed(1_003);
        flights.refused(ModelMeters.Source.LABELS, 2);
        flights.deadLetters(ModelMeters.Source.EVENTS, 3);
        flights.swapped(7, Duration.ofMillis(500));
        flights.learned(4);
        flights.examined(ModelMeters.Examined.ARRIVAL, 5);
        flights.trainingStep(Duration.ofMillis(20));
        flights.trainingUp(true);
        flights.logLoss(ModelMeters.Line.FROZEN, 0.5);
        flights.rocAuc(ModelMeters.Line.CHAMPION, 0.75);
        flights.calibrationError(ModelMeters.Line.CHALLENGER, 0.03125);
        flights.candidate(ModelMeters.Decision.PROMOTE);
        flights.waits(8, 1_500_900);
        flights.driftAlarm(ModelMeters.Watched.LOSS);
        flights.labelToServed(1_500, 6);
        flights.lag(ModelMeters.Topic.TRAFFIC, 8);
        flights.pendingScores(9);
        flights.checkpointed(Duration.ofMillis(250), 4_096);
        flights.device("cpu");
        flights.adaptation().loss(0.125);
        flights.adaptation().guard(false, -0.0625, 0.03125);

        assertThat(types())
                .containsExactlyInAnyOrder(
                        "headwater_adaptation_lead_nats gauge",
                        "headwater_adaptation_loss gauge",
                        "headwater_adaptation_rank_lead_ratio gauge",
                        "headwater_adaptation_serving gauge",
                        "headwater_build_info gauge",
                        "headwater_calibration_error_ratio gauge",
                        "headwater_candidates_total counter",
                        "headwater_checkpoint_bytes gauge",
                        "headwater_checkpoint_seconds summary",
                        "headwater_checkpoint_seconds_max gauge",
                        "headwater_dead_letters_total counter",
                        "headwater_device_info gauge",
                        "headwater_drift_alarms_total counter",
                        "headwater_events_refused_total counter",
                        "headwater_events_scored_total counter",
                        "headwater_label_to_served_seconds histogram",
                        "headwater_labels_examined_total counter",
                        "headwater_labels_learned_total counter",
                        "headwater_lag_records gauge",
                        "headwater_log_loss_nats gauge",
                        "headwater_pending_scores gauge",
                        "headwater_roc_auc_ratio gauge",
                        "headwater_score_latency_seconds histogram",
                        "headwater_scoring_batch_rows summary",
                        "headwater_scoring_batch_rows_max gauge",
                        "headwater_scoring_transactions_total counter",
                        "headwater_served_version gauge",
                        "headwater_swap_seconds summary",
                        "headwater_swap_seconds_max gauge",
                        "headwater_swaps_total counter",
                        "headwater_training_step_seconds summary",
                        "headwater_training_step_seconds_max gauge",
                        "headwater_training_up gauge",
                        "headwater_waiting_since_seconds gauge",
                        "headwater_waiting_version gauge");
        assertThat(lines())
                .contains(
                        "headwater_adaptation_lead_nats{model=\"flights\"} -0.0625",
                        "headwater_adaptation_loss{model=\"flights\"} 0.125",
                        "headwater_adaptation_rank_lead_ratio{model=\"flights\"} 0.03125",
                        "headwater_adaptation_serving{line=\"adapted\",model=\"flights\"} 0.0",
                        "headwater_adaptation_serving{line=\"unadapted\",model=\"flights\"} 1.0",
                        "headwater_build_info{version=\"0.1.0\"} 1",
                        "headwater_calibration_error_ratio{line=\"challenger\",model=\"flights\"} 0.03125",
                        "headwater_candidates_total{model=\"flights\",verdict=\"promote\"} 1.0",
                        "headwater_candidates_total{model=\"flights\",verdict=\"propose\"} 0.0",
                        "headwater_candidates_total{model=\"flights\",verdict=\"reject\"} 0.0",
                        "headwater_candidates_total{model=\"flights\",verdict=\"wait\"} 0.0",
                        "headwater_checkpoint_bytes{model=\"flights\"} 4096.0",
                        "headwater_checkpoint_seconds_sum{model=\"flights\"} 0.25",
                        "headwater_dead_letters_total{model=\"flights\",source=\"events\"} 3.0",
                        "headwater_device_info{device=\"cpu\",model=\"flights\"} 1",
                        "headwater_drift_alarms_total{model=\"flights\",of=\"features\"} 0.0",
                        "headwater_drift_alarms_total{model=\"flights\",of=\"loss\"} 1.0",
                        "headwater_events_refused_total{model=\"flights\",source=\"labels\"} 2.0",
                        "headwater_events_scored_total{model=\"flights\"} 1.0",
                        "headwater_label_to_served_seconds_bucket{model=\"flights\",le=\"1.0\"} 0",
                        "headwater_label_to_served_seconds_bucket{model=\"flights\",le=\"2.0\"} 6",
                        "headwater_label_to_served_seconds_sum{model=\"flights\"} 9.0",
                        "headwater_labels_examined_total{model=\"flights\",when=\"arrival\"} 5.0",
                        "headwater_labels_examined_total{model=\"flights\",when=\"label\"} 0.0",
                        "headwater_labels_learned_total{model=\"flights\"} 4.0",
                        "headwater_lag_records{model=\"flights\",topic=\"traffic\"} 8.0",
                        "headwater_log_loss_nats{line=\"challenger\",model=\"flights\"} NaN",
                        "headwater_log_loss_nats{line=\"frozen\",model=\"flights\"} 0.5",
                        "headwater_pending_scores{model=\"flights\"} 9.0",
                        "headwater_roc_auc_ratio{line=\"champion\",model=\"flights\"} 0.75",
                        "headwater_scoring_batch_rows_sum{model=\"flights\"} 1.0",
                        "headwater_scoring_transactions_total{model=\"flights\",outcome=\"committed\"} 1.0",
                        "headwater_served_version{model=\"flights\"} 7.0",
                        "headwater_swap_seconds_sum{model=\"flights\"} 0.5",
                        "headwater_swaps_total{model=\"flights\"} 1.0",
                        "headwater_training_step_seconds_count{model=\"flights\"} 1",
                        "headwater_training_up{model=\"flights\"} 1.0",
                        "headwater_waiting_since_seconds{model=\"flights\"} 1500.0",
                        "headwater_waiting_version{model=\"flights\"} 8.0");
    }

    @Test
    void eventsLag_isTheSumOverTheScoringThreads() {
        ScoringMeters one = flights.scoring();
        ScoringMeters other = flights.scoring();

        one.lag(5);
        other.lag(7);
        one.lag(2);
        assertThat(lines()).contains("headwater_lag_records{model=\"flights\",topic=\"events\"} 9.0");

        one.lag(0);
        other.lag(0);
        assertThat(lines()).contains("headwater_lag_records{model=\"flights\",topic=\"events\"} 0.0");
    }

    @Test
    void committed_countsEachRowOfTheTransactionInItsBucket() {
        ScoringMeters scoring = flights.scoring();
        for (int i = 0; i < 600; i++) {
            scoring.scored(10_000 + i / 2);
        }
        scoring.scored(20_000);

        scoring.committed(10_300);

        assertThat(lines())
                .contains(
                        "headwater_events_scored_total{model=\"flights\"} 601.0",
                        // The last row's clock was ahead of ours: it took no time, not less than none.
                        "headwater_score_latency_seconds_bucket{model=\"flights\",le=\"0.001\"} 3",
                        "headwater_score_latency_seconds_bucket{model=\"flights\",le=\"0.01\"} 21",
                        "headwater_score_latency_seconds_bucket{model=\"flights\",le=\"0.2\"} 401",
                        "headwater_score_latency_seconds_bucket{model=\"flights\",le=\"+Inf\"} 601",
                        "headwater_score_latency_seconds_count{model=\"flights\"} 601",
                        "headwater_score_latency_seconds_sum{model=\"flights\"} 90.3");
    }

    @Test
    void aborted_countsNoScore() {
        ScoringMeters scoring = flights.scoring();
        scoring.scored(1_000);
        scoring.aborted();
        scoring.scored(1_000);
        scoring.committed(1_001);

        assertThat(lines())
                .contains(
                        "headwater_events_scored_total{model=\"flights\"} 1.0",
                        "headwater_score_latency_seconds_count{model=\"flights\"} 1",
                        "headwater_scoring_transactions_total{model=\"flights\",outcome=\"aborted\"} 1.0");
    }

    @Test
    void device_saidAgain_takesThePlaceOfTheOneBefore() {
        flights.device("gpu:0");
        flights.device("cpu");

        assertThat(lines().stream().filter(line -> line.startsWith("headwater_device_info{")))
                .containsExactly("headwater_device_info{device=\"cpu\",model=\"flights\"} 1");
    }

    @Test
    void model_askedForTwice_isTheSameAndOtherModelsHaveTheirOwnSeries() {
        assertThat(metrics.model("flights")).isSameAs(flights);
        metrics.model("fraud").learned(1);

        assertThat(lines())
                .contains(
                        "headwater_labels_learned_total{model=\"flights\"} 0.0",
                        "headwater_labels_learned_total{model=\"fraud\"} 1.0");
    }

    @Test
    void scrape_showsTheProcessToo() {
        assertThat(lines().stream().map(line -> line.split("[ {]", 2)[0]))
                .contains(
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_cpu_usage",
                        "process_start_time_seconds",
                        "process_resident_memory_bytes");
        assertThat(ResidentMemory.bytes()).isGreaterThan(10_000_000);
    }

    private Set<String> types() {
        return lines().stream()
                .filter(line -> line.startsWith("# TYPE headwater_"))
                .map(line -> line.substring("# TYPE ".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> lines() {
        return new String(metrics.scrape(), UTF_8).lines().collect(Collectors.toCollection(TreeSet::new));
    }
}
