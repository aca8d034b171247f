package io.headwater.actors.app.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the demo has to show at its end.
 *
 * @param eventsScored events with a score, each counted once
 * @param eventsPerSecond of them in this run, from its first event to its last score
 * @param labelsLearned labelled examples applied to the model
 * @param versionsPromoted versions that the gate passed, the source model's not counted
 * @param deadLetters records that could not be decoded
 * @param lost events sent that have no score, of each model of the service
 * @param duplicated events with more than one score, likewise
 * @param scoredAfterLabel events left out of {@code standing} because their score came after their label
 * @param versionsBack scores of a version older than the one before it in their partition
 * @param passes how many times the recording was gone through
 * @param standing the models compared over the same events
 * @param findings what this scenario alone shows; null where there is nothing
 * @param labelToServedMs from a label's arrival until a version that learned it serves
 * @param scoreLatencyMs from an event's arrival until its score is visible
 * @param http address of the service's API
 */
public record DemoSummary(
        long eventsScored,
        double eventsPerSecond,
        long labelsLearned,
        long versionsPromoted,
        long deadLetters,
        long lost,
        long duplicated,
        long scoredAfterLabel,
        long versionsBack,
        long passes,
        Standing standing,
        @Nullable Findings findings,
        Ledger.Quantiles labelToServedMs,
        Ledger.Quantiles scoreLatencyMs,
        String http) {

    /** One line: the JSON object of the command line's contract. */
    public String toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("events_scored", eventsScored)
                .put("events_per_second", Math.round(eventsPerSecond))
                .put("labels_learned", labelsLearned)
                .put("versions_promoted", versionsPromoted)
                .put("dead_letters", deadLetters)
                .put("lost", lost)
                .put("duplicated", duplicated)
                .put("compared", standing.events());
        put(json, "frozen", standing.frozen());
        put(json, "frozen_running_intercept", standing.frozenRunningIntercept());
        put(json, "constant_rate", standing.constantRate());
        put(json, "adaptive", standing.adaptive());
        if (findings != null) {
            findings.put(json);
        }
        put(json, "label_to_served_ms", labelToServedMs);
        put(json, "score_latency_ms", scoreLatencyMs);
        json.put("scored_after_label", scoredAfterLabel)
                .put("versions_back", versionsBack)
                .put("passes", passes)
                .put("http", http);
        return json.toString();
    }

    static ObjectNode put(ObjectNode json, String name, Quality quality) {
        ObjectNode node = json.putObject(name);
        put(node, "roc_auc", quality.rocAuc());
        put(node, "log_loss", quality.logLoss());
        put(node, "ece", quality.calibrationError());
        return node;
    }

    private static void put(ObjectNode json, String name, Ledger.Quantiles times) {
        ObjectNode node = json.putObject(name);
        put(node, "p50", times.p50());
        put(node, "p99", times.p99());
    }

    /** JSON has no NaN: what is not known is null. */
    static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }

    /**
     * Draws what changed over the stream.
     *
     * @throws IOException if the file cannot be written
     */
    public void plot(Path file) throws IOException {
        if (findings instanceof TargetReport target) {
            target.plot(file);
        }
    }

    /** The same for people, on several lines. */
    public String toTable() {
        StringBuilder table = new StringBuilder();
        line(
                table,
                "%,d events scored (%,.0f a second), %,d lost, %,d duplicated",
                eventsScored,
                eventsPerSecond,
                lost,
                duplicated);
        line(
                table,
                "%,d labels learned, %,d versions promoted, %,d dead letters",
                labelsLearned,
                versionsPromoted,
                deadLetters);
        if (passes > 1) {
            line(table, "the recording was gone through %,d times: its flights were seen before", passes);
        }
        if (scoredAfterLabel > 0) {
            line(table, "%,d events not compared: their label came before their score", scoredAfterLabel);
        }
        line(table, "");
        line(
                table,
                "%-28s %9s %9s %9s",
                String.format(Locale.ROOT, "over %,d labelled events", standing.events()),
                "ROC AUC",
                "log loss",
                "ECE");
        row(table, "constant rate", standing.constantRate());
        row(table, "frozen", standing.frozen());
        row(table, "frozen + running intercept", standing.frozenRunningIntercept());
        row(table, "adaptive", standing.adaptive());
        if (findings != null) {
            table.append(findings.toTable());
        }
        line(table, "");
        line(table, "%-28s %9s %9s", "milliseconds", "p50", "p99");
        row(table, "event to score", scoreLatencyMs);
        row(table, "label to serving version", labelToServedMs);
        return table.toString();
    }

    static void row(StringBuilder table, String name, Quality quality) {
        line(
                table,
                "  %-26s %9s %9s %9s",
                name,
                number("%.4f", quality.rocAuc()),
                number("%.4f", quality.logLoss()),
                number("%.4f", quality.calibrationError()));
    }

    private static void row(StringBuilder table, String name, Ledger.Quantiles times) {
        line(table, "  %-26s %9s %9s", name, number("%.1f", times.p50()), number("%.1f", times.p99()));
    }

    static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    static void line(StringBuilder table, String format, Object... values) {
        table.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
