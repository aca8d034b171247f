package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.cli.ModelsCommand.Action;
import java.time.Instant;
import java.util.Locale;
import java.util.StringJoiner;

/** What is told of versions, as tables and sentences. */
final class ModelsReport {
    private ModelsReport() {}

    static String text(Action action, String model, ObjectNode answer) {
        String version = "version " + answer.path("version").asLong() + " of " + model;
        return switch (action) {
            case list -> versions(answer.path("versions"));
            case audit -> trail(answer.path("audit"));
            case show -> answer.toPrettyString();
            case export ->
                version + " is " + answer.path("file").asText() + ", "
                        + answer.path("bytes").asLong() + " bytes, SHA-256 "
                        + answer.path("sha256").asText();
            case pin -> version + " is pinned";
            case unpin -> version + " is not pinned any more";
            case approve -> version + " is approved: it serves as soon as training has recorded it";
            case reject -> version + " is rejected";
            default -> version + " serves";
        };
    }

    private static String trail(JsonNode records) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(String.format("%-20s %-12s %-9s %8s %8s  %s", "when", "who", "action", "version", "from", "why"));
        for (JsonNode record : records) {
            lines.add(String.format(
                    "%-20s %-12s %-9s %8d %8d  %s",
                    second(record.path("timeMs")),
                    record.path("who").asText(),
                    record.path("action").asText().toLowerCase(Locale.ROOT),
                    record.path("version").asLong(),
                    record.path("from").asLong(),
                    record.path("why").asText()));
        }
        return lines.toString();
    }

    private static String versions(JsonNode versions) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(String.format(
                "%8s %-12s %-20s %10s %9s  %s", "version", "state", "created", "learned", "log loss", "verdict"));
        for (JsonNode entry : versions) {
            JsonNode loss = entry.path("gate").path("challenger_log_loss_nats");
            lines.add(String.format(
                    "%8d %-12s %-20s %10d %9s  %s",
                    entry.path("version").asLong(),
                    entry.path("state").asText() + (entry.path("pinned").asBoolean() ? " pin" : ""),
                    second(entry.path("createdMs")),
                    entry.path("examplesLearned").asLong(),
                    loss.isMissingNode() ? "-" : String.format(Locale.ROOT, "%.4f", loss.asDouble()),
                    entry.path("verdict").asText()));
        }
        return lines.toString();
    }

    private static Instant second(JsonNode timeMs) {
        return Instant.ofEpochMilli(timeMs.asLong() / 1000 * 1000);
    }
}
