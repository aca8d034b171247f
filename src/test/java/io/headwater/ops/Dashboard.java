package io.headwater.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Grafana dashboard's file: its panels, what they ask Prometheus, and what its variables are filled with. */
record Dashboard(List<Panel> panels, List<Variable> variables, List<String> annotations) {
    /** A panel; {@code unit} is empty where it sets none. */
    record Panel(
            String title, String type, String unit, int x, int y, int width, int height, List<String> expressions) {}

    /** A variable that Grafana fills with the values of a label in the series that a selector selects. */
    record Variable(String name, String selector, String label) {}

    static Dashboard read(Path file) throws IOException {
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        List<Panel> panels = new ArrayList<>();
        for (JsonNode panel : json.path("panels")) {
            List<String> expressions = new ArrayList<>();
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
            JsonNode at = panel.path("gridPos");
            panels.add(new Panel(
                    panel.path("title").asText(),
                    panel.path("type").asText(),
                    panel.path("fieldConfig").path("defaults").path("unit").asText(),
                    at.path("x").asInt(),
                    at.path("y").asInt(),
                    at.path("w").asInt(),
                    at.path("h").asInt(),
                    List.copyOf(expressions)));
        }
        List<Variable> variables = new ArrayList<>();
        for (JsonNode variable : json.path("templating").path("list")) {
            if (variable.path("type").asText().equals("query")) {
                variables.add(variable(variable));
            }
        }
        List<String> annotations = new ArrayList<>();
        json.path("annotations")
                .path("list")
                .forEach(annotation -> annotations.add(annotation.path("expr").asText()));
        return new Dashboard(panels, variables, annotations);
    }

    private static Variable variable(JsonNode json) {
        String query = json.path("query").path("query").asText();
        String prefix = "label_values(";
        int comma = query.lastIndexOf(',');
        if (!query.startsWith(prefix) || comma < 0) {
            throw new IllegalArgumentException("variable " + json.path("name") + " asks '" + query
                    + "', allowed is label_values(SELECTOR, LABEL)");
        }
        return new Variable(
                json.path("name").asText(),
                query.substring(prefix.length(), comma),
                query.substring(comma + 1, query.length() - 1).strip());
    }

    /** What Grafana sends for an expression when every variable stands at All. */
    static String withAllSelected(String expression) {
        String sent = expression;
        for (Map.Entry<String, String> variable : Map.of(
                        "$instance",
                        ".*",
                        "$model",
                        ".*",
                        "$__rate_interval",
                        "20s",
                        "$__interval",
                        "5s",
                        "$__range",
                        "15m")
                .entrySet()) {
            sent = sent.replace(variable.getKey(), variable.getValue());
        }
        return sent;
    }
}
