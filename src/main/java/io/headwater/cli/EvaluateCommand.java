package io.headwater.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.dataset.FileReason;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.Evaluation;
import io.headwater.offline.evaluate.EvaluationChart;
import io.headwater.offline.evaluate.EvaluationReport;
import io.headwater.offline.evaluate.EvaluationSettings;
import io.headwater.offline.evaluate.EvaluationSettings.Delay;
import io.headwater.offline.evaluate.OnlineLearners;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says how good a learner of streams would have been on a recorded one. */
@Command(
        name = "evaluate",
        sortOptions = false,
        description = {
            "Evaluate a learner on a recorded stream, test-then-train: each row is scored, and learned when its label"
                    + " comes.",
            "The guide docs/guide/evaluate.md says what the figures mean."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater evaluate --data electricity.csv --label class",
            "  headwater evaluate --data electricity.csv --label class --delay 48 --plot prices.svg",
            "  headwater evaluate --data transactions.csv.gz --label fraud --time at --delay-time 7d --ignore id",
            "  headwater evaluate --data claims.parquet --label paid --time filed --label-time settled",
            "  headwater evaluate --data books.svmlight --learner linear --json",
            "",
            "Ctrl-C ends it; the rows so far are reported."
        })
public final class EvaluateCommand implements Runnable {
    /** What --task may be; nothing stands for finding it out. */
    private static final Map<String, Optional<Task>> TASKS = tasks();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "A table (.csv, .tsv, .svmlight, .libsvm, .parquet; .gz too), in the order of its events.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = "--format",
            paramLabel = "ENDING",
            description = "What the file's name would end with, where it does not say: .tsv")
    private @Nullable String format;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description =
                    "The column of the labels; svmlight has its own. Rows without one are scored and not counted.")
    private @Nullable String label;

    @Option(
            names = "--delay",
            paramLabel = "ROWS",
            description = "Rows between a row and the first that knows its label (0).")
    private @Nullable Integer delay;

    @Option(
            names = "--time",
            paramLabel = "COLUMN",
            description = "The time of an event, numbers or ISO dates: the order of the rows, and no feature.")
    private @Nullable String time;

    @Option(
            names = "--label-time",
            paramLabel = "COLUMN",
            description = "The time at which a label comes; never where it is missing.")
    private @Nullable String labelTime;

    @Option(
            names = "--delay-time",
            paramLabel = "LENGTH",
            description = "Time until a label comes: 7d, 12h or 90s of dates, else a number in the unit of --time.")
    private @Nullable String delayTime;

    @Option(
            names = "--learner",
            defaultValue = OnlineLearners.DEFAULT,
            completionCandidates = Names.class,
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String learner;

    @Option(
            names = "--task",
            defaultValue = "auto",
            paramLabel = "TASK",
            description = "What the labels are: auto, binary, classes, regression, or huber, a regression that outliers"
                    + " hardly pull at (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String task;

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            description = "The class of two that the score is for; the greater one if left out.")
    private @Nullable String positive;

    @Option(
            names = "--positive-weight",
            defaultValue = "1",
            paramLabel = "W",
            description = "Rows of that class are learned as if each were W; scores are corrected for it"
                    + " (${DEFAULT-VALUE}).")
    private double positiveWeight;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            description = "As how many rows each row is learned; every row counts once in the figures.")
    private @Nullable String weight;

    @Mixin
    private final ColumnOptions columns = new ColumnOptions();

    @Option(
            names = "--window",
            paramLabel = "ROWS",
            description = "Rows that each point of the curve is over; a hundredth of them, 100 at least, if left out.")
    private @Nullable Integer window;

    @Option(
            names = "--alarm-budget",
            defaultValue = "" + (long) FalseAlarmBudget.DEFAULT_EVENTS,
            paramLabel = "ROWS",
            description =
                    "Rows in which there may be one false alarm of a change; 0 for no alarms" + " (${DEFAULT-VALUE}).")
    private double alarmBudget;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw the figures over time, baselines and alarms beside them: FILE.svg or FILE.html.")
    private @Nullable Path plot;

    @Mixin
    private final OfflineRun offline = new OfflineRun();

    /** For the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return OnlineLearners.names().iterator();
        }
    }

    private static Map<String, Optional<Task>> tasks() {
        Map<String, Optional<Task>> tasks = new LinkedHashMap<>();
        tasks.put("auto", Optional.empty());
        tasks.put("binary", Optional.of(Task.BINARY));
        tasks.put("classes", Optional.of(Task.CLASSES));
        tasks.put("regression", Optional.of(Task.SQUARED));
        tasks.put("huber", Optional.of(Task.HUBER));
        return tasks;
    }

    @Override
    public void run() {
        EvaluationSettings settings = settings();
        offline.run((bar, end) -> {
            EvaluationProgress progress = new EvaluationProgress(bar, System::nanoTime, end::isAsked);
            EvaluationReport report = new Evaluation(settings, progress, coreClock()).run();
            EvaluationSummary summary = new EvaluationSummary(settings, report);
            return plot == null ? summary : new Drawn(summary, plot);
        });
    }

    /** Of this thread: what other programs take from it does not count. */
    private static LongSupplier coreClock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() ? threads::getCurrentThreadCpuTime : System::nanoTime;
    }

    /** A summary with its chart, which is drawn once the figures are told. */
    private record Drawn(EvaluationSummary summary, Path file) implements OfflineRun.Result {
        @Override
        public void print(PrintWriter out) {
            summary.print(out);
            try {
                EvaluationChart.write(summary.report(), file);
            } catch (IOException e) {
                throw new CommandFailedException("the chart " + file + " cannot be written: " + FileReason.of(e), e);
            }
            out.println("drawn: " + file);
        }

        @Override
        public ObjectNode json() {
            return summary.json();
        }
    }

    private EvaluationSettings settings() {
        try {
            OnlineLearners.check(learner);
            if (plot != null) {
                EvaluationChart.checkName(plot);
            }
            return new EvaluationSettings(
                    new EvaluationSettings.Columns(
                            data,
                            Optional.ofNullable(format),
                            Optional.ofNullable(label),
                            Optional.ofNullable(time),
                            Optional.ofNullable(weight),
                            columns.ignored(),
                            columns.categorical(),
                            Optional.ofNullable(positive),
                            task()),
                    delay(),
                    learner,
                    seed.value(),
                    positiveWeight,
                    window == null ? OptionalInt.empty() : OptionalInt.of(window),
                    alarmBudget());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<Task> task() {
        Optional<Task> found = TASKS.get(task.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw new IllegalArgumentException(
                    "--task is '" + task + "'; allowed are " + String.join(", ", TASKS.keySet()));
        }
        return found;
    }

    private OptionalDouble alarmBudget() {
        return alarmBudget == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(new FalseAlarmBudget(alarmBudget).eventsPerAlarm());
    }

    private Delay delay() {
        List<Delay> given = new ArrayList<>();
        if (delay != null) {
            given.add(new Delay.Rows(delay));
        }
        if (labelTime != null) {
            given.add(new Delay.Column(labelTime));
        }
        if (delayTime != null) {
            given.add(new Delay.Time(delayTime));
        }
        if (given.size() > 1) {
            throw new IllegalArgumentException("a label's delay is --delay, --label-time or --delay-time, one of them");
        }
        return given.isEmpty() ? new Delay.Rows(0) : given.get(0);
    }
}
