package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.dataset.FileReason;
import io.headwater.graph.GraphException;
import io.headwater.graph.OnnxGraph;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a backbone is made of and where it can be cut. */
@Command(
        name = "inspect",
        description = "Show a backbone's inputs, outputs and layers, where it can be cut and what cannot be trained.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater inspect --backbone all-minilm-l6-v2.onnx",
            "  headwater inspect --backbone all-minilm-l6-v2.onnx --json",
            "",
            "A backbone that cannot be used is shown as far as it goes; the exit status is 1 then."
        })
public final class InspectCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--backbone", required = true, paramLabel = "FILE", description = "An ONNX file.")
    @SuppressWarnings("NullAway.Init")
    private Path backbone;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode report = report();
        if (json) {
            out.println(report);
        } else {
            print(out, report);
        }
        out.flush();
        if (!report.path("obstacles").isEmpty()) {
            throw new CommandFailedException(
                    "the backbone " + backbone + " cannot be used: it has " + joined(report.path("obstacles"), ", "));
        }
    }

    private ObjectNode report() {
        if (Files.isDirectory(backbone)) {
            throw new CommandFailedException(backbone + " is a folder; an ONNX file is needed");
        }
        if (!Files.isRegularFile(backbone)) {
            throw new CommandFailedException("there is no file " + backbone);
        }
        try {
            return BackboneReport.of(backbone, OnnxGraph.look(backbone, OnnxGraph.MAX_BYTES));
        } catch (GraphException e) {
            throw new CommandFailedException("the backbone " + backbone + " is refused: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailedException("the backbone " + backbone + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private static void print(PrintWriter out, ObjectNode report) {
        String source = report.path("license_source").asText();
        out.printf(
                "%s: %s bytes, opset %d, made by %s, license %s%s%n",
                report.path("backbone").asText(),
                grouped(report.path("bytes").asLong()),
                report.path("opset").asInt(),
                report.path("producer").asText(),
                report.path("license").asText(),
                source.isEmpty() ? "" : " (" + source + ")");
        tensors(out, "input", report.path("inputs"));
        tensors(out, "output", report.path("outputs"));
        layers(out, report.path("layers"), report.path("parameters").asLong());
        cuts(out, report.path("cuts"));
        JsonNode unsupported = report.path("unsupported_ops");
        out.printf(
                "%noperators that cannot be trained: %s%n", unsupported.isEmpty() ? "none" : joined(unsupported, ", "));
    }

    private static void tensors(PrintWriter out, String what, JsonNode tensors) {
        for (JsonNode tensor : tensors) {
            out.printf("%-7s %s%n", what, text(tensor));
        }
    }

    private static String text(JsonNode tensor) {
        return tensor.path("name").asText() + " " + tensor.path("type").asText() + "["
                + joined(tensor.path("shape"), ", ") + "]";
    }

    private static void layers(PrintWriter out, JsonNode layers, long parameters) {
        out.printf("%n%5s  %-28s %13s %13s  %s%n", "order", "layer", "parameters", "bytes", "ends at");
        for (JsonNode layer : layers) {
            out.printf(
                    "%5d  %-28s %13s %13s  %s%s%n",
                    layer.path("order").asInt(),
                    layer.path("name").asText(),
                    grouped(layer.path("parameters").asLong()),
                    grouped(layer.path("bytes").asLong()),
                    joined(layer.path("cut"), ", "),
                    layer.path("is_head").asBoolean() ? " (the model's own head)" : "");
        }
        out.printf("%5s  %-28s %13s%n", "", "all", grouped(parameters));
    }

    private static void cuts(PrintWriter out, JsonNode cuts) {
        out.printf(
                "%n%-8s %-28s %13s  %s%n", "cut", "trains from", "parameters", "what crosses; what cannot be trained");
        for (JsonNode cut : cuts) {
            StringJoiner crossing = new StringJoiner(", ");
            cut.path("frontier").forEach(tensor -> crossing.add(text(tensor)));
            JsonNode unsupported = cut.path("unsupported_ops");
            boolean head = cut.path("cut").asText().equals("head");
            out.printf(
                    "%-8s %-28s %13s  %s; %s%n",
                    cut.path("cut").asText(),
                    head ? "the new head" : cut.path("layer").asText(),
                    grouped(cut.path("trained_parameters").asLong()),
                    cut.has("refused") ? cut.path("refused").asText() : crossing,
                    unsupported.isEmpty() ? "all can" : joined(unsupported, ", "));
        }
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String joined(JsonNode list, String separator) {
        StringJoiner joined = new StringJoiner(separator);
        list.forEach(element -> joined.add(element.asText()));
        return joined.toString();
    }
}
