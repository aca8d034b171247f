package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.event.OffsetRange;
import io.headwater.line.Candidate;
import io.headwater.line.LineageRecord;
import io.headwater.line.Rebuild;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a rebuild of a version says, as JSON and as sentences. */
public final class RebuildReport {
    static final String REBUILD = "rebuild";
    static final String IDENTICAL = "identical";
    private static final String ERASED = "erased";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Manifest manifest;
    private final ObjectNode report;

    /** @param fromSequence the step of the checkpoint that it began at; 0 for the source model */
    public RebuildReport(Manifest manifest, long fromSequence) {
        this.manifest = manifest;
        this.report = JSON.createObjectNode()
                .put("model", manifest.model())
                .put("version", manifest.version())
                .put(REBUILD, "")
                .put("from", fromSequence == 0 ? "start" : "checkpoint")
                .put("from_sequence", fromSequence)
                .put("until_sequence", manifest.sequence());
    }

    /**
     * Fills in how it went.
     *
     * @param stoodIn versions that retention took, for which the frozen model stood in as the contest's champion
     * @param gate the gate's figures of a candidate, as a manifest names them
     */
    public ObjectNode ended(
            Rebuild.Result result, Duration took, Set<Long> stoodIn, Function<Candidate, Map<String, Double>> gate) {
        report.put("steps", result.steps()).put("seconds", took.toMillis() / 1000.0);
        if (result instanceof Rebuild.Agrees agrees) {
            agrees(agrees.candidate(), stoodIn, gate.apply(agrees.candidate()));
        } else if (result instanceof Rebuild.Differs differs) {
            report.put(REBUILD, "differs");
            difference(
                    differs.record(),
                    differs.what().name().toLowerCase(Locale.ROOT),
                    differs.recorded(),
                    differs.found());
        } else if (result instanceof Rebuild.Gone gone) {
            report.put(REBUILD, "gone");
            ranges(
                    report.putObject("gone").put("sequence", gone.sequence()).put("reason", gone.reason()),
                    gone.ranges());
        }
        return report;
    }

    /** Says of weights that differ that rows were erased which were learned again then, if any were in {@code store}. */
    public static ObjectNode withErasures(ObjectNode report, VersionStore store) {
        String what = report.path("first_difference").path("what").asText();
        if (what.isEmpty() || what.equals("input")) {
            return report;
        }
        List<Long> versions = store.numbers().stream()
                .filter(version -> !store.erasures().stepsOf(version).isEmpty())
                .toList();
        List<Long> source = store.erasures().stepsOfSource();
        if (!versions.isEmpty() || !source.isEmpty()) {
            report.put(
                    ERASED,
                    "rows were erased from "
                            + (versions.isEmpty() ? "" : "the learners of versions " + versions)
                            + (versions.isEmpty() || source.isEmpty() ? "" : " and from ")
                            + (source.isEmpty() ? "" : "the source model, in steps " + source)
                            + ": steps that learned them again cannot be taken as they were");
        }
        return report;
    }

    private void agrees(Candidate candidate, Set<Long> stoodIn, Map<String, Double> gate) {
        String sha256 = Manifest.sha256(candidate.onnx());
        report.put("sha256", sha256)
                .put("recorded_sha256", manifest.onnxSha256())
                .put("labelled", candidate.examplesLearned())
                .put("traffic", candidate.trafficExamined());
        if (stoodIn.isEmpty()) {
            report.put("gate_figures", gate.equals(manifest.gate()) ? "same" : "differ");
        } else {
            report.put("gate_figures", "not compared").put("champions_gone", stoodIn.size());
        }
        boolean same = sha256.equals(manifest.onnxSha256());
        report.put(REBUILD, same ? IDENTICAL : "differs");
        if (!same) {
            report.putObject("first_difference")
                    .put("sequence", manifest.sequence())
                    .put("what", "model")
                    .put("recorded", manifest.onnxSha256())
                    .put("found", sha256);
        }
    }

    private void difference(LineageRecord record, String what, String recorded, String found) {
        ObjectNode first = report.putObject("first_difference")
                .put("sequence", record.sequence())
                .put("kind", record.kind().name())
                .put("what", what)
                .put("recorded", recorded)
                .put("found", found);
        ranges(first, record.ranges());
    }

    private static void ranges(ObjectNode to, List<OffsetRange> ranges) {
        ArrayNode list = to.putArray("ranges");
        for (OffsetRange range : ranges) {
            list.addObject()
                    .put("topic", range.partition().topic())
                    .put("partition", range.partition().number())
                    .put("from", range.from())
                    .put("until", range.until());
        }
    }

    /** The report in a few sentences. */
    static String sentence(JsonNode report) {
        String version = "version " + report.path("version").asLong() + " of "
                + report.path("model").asText();
        long steps = report.path("steps").asLong();
        String since = report.path("from").asText().equals("start")
                ? "from the start"
                : "from the checkpoint of step " + report.path("from_sequence").asLong();
        return switch (report.path(REBUILD).asText()) {
            case IDENTICAL ->
                version + " is identical: " + steps + " steps " + since + ", SHA-256 "
                        + report.path("sha256").asText() + "; gate figures "
                        + report.path("gate_figures").asText();
            case "gone" ->
                version + " cannot be rebuilt " + since + ": "
                        + report.path("gone").path("reason").asText();
            default ->
                version + " differs: " + steps + " steps " + since + " agree, then "
                        + difference(report.path("first_difference"))
                        + (report.has(ERASED) ? "; " + report.path(ERASED).asText() : "");
        };
    }

    private static String difference(JsonNode first) {
        StringBuilder ranges = new StringBuilder();
        for (JsonNode range : first.path("ranges")) {
            ranges.append(ranges.isEmpty() ? " of " : ", ")
                    .append(range.path("topic").asText())
                    .append('-')
                    .append(range.path("partition").asInt())
                    .append(" offsets ")
                    .append(range.path("from").asLong())
                    .append(" to ")
                    .append(range.path("until").asLong() - 1);
        }
        return "step " + first.path("sequence").asLong() + ranges + " has another "
                + first.path("what").asText() + " than recorded: "
                + first.path("recorded").asText() + " recorded, "
                + first.path("found").asText() + " found";
    }
}
