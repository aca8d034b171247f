package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What an erasure did, in sentences. */
final class ErasureReport {
    private ErasureReport() {}

    /** @param answer the service's */
    static String sentence(String model, int owners, JsonNode answer) {
        StringBuilder text = new StringBuilder(String.format(
                "step %d of %s erased what was kept of %d %s: %d rows of the running model, and %d events"
                        + " that waited for their label%n",
                answer.path("step").asLong(),
                model,
                owners,
                owners == 1 ? "owner" : "owners",
                answer.path("rows").asLong(),
                answer.path("waiting").asLong()));
        text.append(String.format(
                "checkpoints removed: %d; one without the rows is in their place%n",
                answer.path("checkpoints").asLong()));
        text.append("versions whose learners had rows of theirs and were rewritten: ")
                .append(versions(answer.path("versions")));
        if (answer.path("source").asBoolean()) {
            text.append(String.format("%nthe source model had rows of theirs too, and has none now"));
        }
        for (JsonNode what : answer.path("remains")) {
            text.append(String.format("%nwhat remains: %s", what.asText()));
        }
        return text.toString();
    }

    private static String versions(JsonNode versions) {
        if (versions.isEmpty()) {
            return "none had any";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode version : versions) {
            text.append(text.isEmpty() ? "" : ", ").append(version.asLong());
        }
        return text.toString();
    }
}
