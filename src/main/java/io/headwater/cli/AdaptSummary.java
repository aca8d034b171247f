package io.headwater.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.offline.ClassNames;
import io.headwater.offline.adapt.AdaptReport;
import io.headwater.offline.adapt.AdaptRun.Outcome;
import io.headwater.offline.adapt.AdaptSettings;
import java.io.PrintWriter;
import java.util.Locale;

/** What an adaptation tells at its end, to people and to programs. */
record AdaptSummary(AdaptSettings asked, AdaptReport report) implements OfflineRun.Result {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of fewer the distance, between 0 and 2, is known to no better than a fifth. */
    private static final int MEASURABLE_ROWS = 100;

    @Override
    public void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d source rows, %,d target rows, %,d test rows of %,d columns; classes %s%n",
                report.sourceRows(),
                report.targetRows(),
                report.testRows(),
                report.columns(),
                ClassNames.some(report.classes()));
        out.printf(
                Locale.ROOT,
                "the domains' rows are at a proxy A-distance of %.3f (0 alike, 2 told apart every time)%n",
                report.inputDistance());
        if (Math.min(report.sourceRows(), report.targetRows()) < MEASURABLE_ROWS) {
            out.printf(
                    Locale.ROOT,
                    "fewer than %d rows of a domain cannot tell how far it lies from another%s%n",
                    MEASURABLE_ROWS,
                    asked.method().term().isPresent() && asked.lambda().isEmpty()
                            ? ", and lambda follows from that: name it with --lambda"
                            : "");
        }
        if (report.sources().size() > 1) {
            report.sources()
                    .forEach(source -> out.printf(
                            Locale.ROOT,
                            "%s: %,d rows at a distance of %.3f, %.1f %% of the training%n",
                            source.file(),
                            source.rows(),
                            source.distance(),
                            100 * source.weight()));
        }
        String name = asked.method().spelled()
                + (asked.method().term().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                " with lambda %.4g%s",
                                report.lambda(),
                                asked.lambda().isPresent() ? "" : " by that distance")
                        : "");
        print(out, name, report.adapted());
        report.shares().ifPresent(shares -> print(out, shares));
        print(out, report.comparison(), report.unadapted());
        report.written().ifPresent(written -> out.printf("the model is %s%n", written.model()));
    }

    private void print(PrintWriter out, AdaptReport.Shares shares) {
        for (int i = 0; i < Math.min(ClassNames.SHOWN, shares.found().size()); i++) {
            out.printf(
                    Locale.ROOT,
                    "class %s: %.1f %% of the source rows, %.1f %% of the target rows as estimated%n",
                    report.classes().get(i),
                    100 * shares.training().get(i),
                    100 * shares.found().get(i));
        }
        if (report.differsBeyondShares()) {
            out.printf(
                    Locale.ROOT,
                    "warning: shares that differ so much explain a distance of the domains of %.3f at most, and theirs is"
                            + " %.3f: classes look different in the target too, and the estimate may be wrong%n",
                    shares.explained(),
                    report.inputDistance());
        }
        out.printf(
                Locale.ROOT,
                "corrected for that; before it, the accuracy on the target's test rows was %.4f%n",
                shares.uncorrected());
    }

    private void print(PrintWriter out, String name, Outcome outcome) {
        out.printf(
                Locale.ROOT,
                "%s: accuracy on the target's test rows %.4f, on held-out source rows %.4f, proxy A-distance %s"
                        + " %.3f%n",
                name,
                outcome.accuracy(),
                outcome.sourceAccuracy(),
                asked.method().isExact() ? "of the rows that it learned" : "in the hidden layer",
                outcome.distance());
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("method", asked.method().spelled());
        json.put("lambda", report.lambda());
        json.put("seed", asked.seed());
        json.put("accuracy", report.adapted().accuracy());
        json.put("source_accuracy", report.adapted().sourceAccuracy());
        json.put("proxy_a_distance", report.adapted().distance());
        json.put("input_proxy_a_distance", report.inputDistance());
        ObjectNode unadapted = json.putObject("unadapted");
        unadapted.put("what", report.comparison());
        unadapted.put("accuracy", report.unadapted().accuracy());
        unadapted.put("source_accuracy", report.unadapted().sourceAccuracy());
        unadapted.put("proxy_a_distance", report.unadapted().distance());
        json.put("source_rows", report.sourceRows());
        json.put("target_rows", report.targetRows());
        json.put("test_rows", report.testRows());
        ArrayNode sources = json.putArray("sources");
        for (AdaptReport.SourceDomain source : report.sources()) {
            sources.addObject()
                    .put("file", source.file().toString())
                    .put("rows", source.rows())
                    .put("proxy_a_distance", source.distance())
                    .put("weight", source.weight());
        }
        report.shares().ifPresent(shares -> put(json.putObject("prior_shift"), shares));
        report.written()
                .ifPresent(
                        written -> json.put("model", written.model().toString()).put("sha256", written.sha256()));
        return json;
    }

    private void put(ObjectNode to, AdaptReport.Shares shares) {
        ObjectNode training = to.putObject("training");
        ObjectNode found = to.putObject("found");
        for (int i = 0; i < report.classes().size(); i++) {
            training.put(report.classes().get(i), shares.training().get(i));
            found.put(report.classes().get(i), shares.found().get(i));
        }
        to.put("explained_distance", shares.explained());
        to.put("differs_beyond", report.differsBeyondShares());
        to.put("uncorrected_accuracy", shares.uncorrected());
    }
}
