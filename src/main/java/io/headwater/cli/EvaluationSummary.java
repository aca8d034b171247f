package io.headwater.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.offline.evaluate.ClassFigures;
import io.headwater.offline.evaluate.EvaluationReport;
import io.headwater.offline.evaluate.EvaluationSettings;
import io.headwater.offline.evaluate.EvaluationSettings.Delay;
import io.headwater.offline.evaluate.NumberFigures;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an evaluation tells at its end, to people and to programs. */
record EvaluationSummary(EvaluationSettings asked, EvaluationReport report) implements OfflineRun.Result {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NAMED_ALARMS = 10;
    private static final double MEBI = 1 << 20;

    @Override
    public void print(PrintWriter out) {
        if (report.stopped()) {
            out.println("stopped; these are the rows so far");
        }
        out.printf(
                Locale.ROOT,
                "%,d rows of %s and %s%s; %s; %s%n",
                report.course().rows(),
                count(report.columns().numeric(), "number", "numbers"),
                count(report.columns().categorical(), "category", "categories"),
                report.unlabelled() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d without a label and not counted", report.unlabelled()),
                labels(),
                delay());
        if (report.course().labels() == 0) {
            out.println("no label came while there were rows left to score: nothing was learned");
        }
        if (report.figures() instanceof ClassFigures figures) {
            print(out, figures);
        } else if (report.figures() instanceof NumberFigures figures) {
            print(out, figures);
        }
        out.println(alarms());
        out.printf(
                Locale.ROOT,
                "%,.0f rows/s on one core, scored, learned and measured; the learner holds %.1f MiB%n",
                report.course().rowsPerSecond(),
                report.stateBytes() / MEBI);
    }

    private static String count(int how, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", how, how == 1 ? one : more);
    }

    private String labels() {
        return report.task().isRegression()
                ? "labels are numbers"
                : "classes " + OfflineRun.Result.named(report.classes());
    }

    private String delay() {
        if (asked.delay() instanceof Delay.Column column) {
            return "labels come at the time in '" + column.name() + "'";
        } else if (asked.delay() instanceof Delay.Time time) {
            return "labels come " + time.text() + " after their events";
        }
        return String.format(Locale.ROOT, "labels come after %,d more rows", ((Delay.Rows) asked.delay()).rows());
    }

    private void print(PrintWriter out, ClassFigures figures) {
        out.printf(
                Locale.ROOT,
                "%s: accuracy %.4f, kappa %.4f, kappa temporal %.4f, ROC AUC %.4f, average precision %.4f, log loss"
                        + " %.4f nats, calibration error %.4f%n",
                report.learner(),
                figures.accuracy(),
                figures.kappa(),
                figures.kappaTemporal(),
                figures.rocAuc(),
                figures.averagePrecision(),
                figures.logLoss(),
                figures.ece());
        out.printf(
                Locale.ROOT,
                "baselines: no change %.4f, majority %.4f (accuracy, from the labels known by then)%n",
                figures.baselines().noChange(),
                figures.baselines().majority());
    }

    private void print(PrintWriter out, NumberFigures figures) {
        out.printf(
                Locale.ROOT,
                "%s: mean absolute error %.6g, root mean square %.6g, R2 %.4f%n",
                report.learner(),
                figures.mae(),
                figures.rmse(),
                figures.r2());
        out.printf(
                Locale.ROOT,
                "baselines: no change %.6g, mean %.6g (mean absolute error, from the labels known by then)%n",
                figures.noChange().mae(),
                figures.mean().mae());
    }

    private String alarms() {
        List<Integer> alarms = report.alarms();
        if (asked.alarmBudget().isEmpty()) {
            return "changes were not watched for";
        } else if (alarms.isEmpty()) {
            return "no alarm of a change";
        }
        String rows = alarms.stream()
                .limit(NAMED_ALARMS)
                .map(row -> String.format(Locale.ROOT, "%,d", row + 1))
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "%,d alarm%s of a change, before row%s %s%s",
                alarms.size(),
                alarms.size() == 1 ? "" : "s",
                alarms.size() == 1 ? "" : "s",
                rows,
                alarms.size() > NAMED_ALARMS ? " ..." : "");
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("rows", report.figures().rows()).put("unlabelled", report.unlabelled());
        if (report.figures() instanceof ClassFigures figures) {
            put(json, figures);
        } else if (report.figures() instanceof NumberFigures figures) {
            put(json, figures);
        }
        json.put("rows_per_second", report.course().rowsPerSecond())
                .put("core_seconds", report.course().nanos() / 1e9);
        json.put("learner", report.learner())
                .put("seed", asked.seed())
                .put("task", report.task().name().toLowerCase(Locale.ROOT));
        ArrayNode classes = json.putArray("classes");
        report.classes().forEach(classes::add);
        json.put("delay", delay()).put("labels_learned", report.course().labels());
        json.put("stopped", report.stopped()).put("state_bytes", report.stateBytes());
        ArrayNode alarms = json.putArray("alarms");
        report.alarms().forEach(row -> alarms.add(row + 1));
        return json;
    }

    private static void put(ObjectNode json, ClassFigures figures) {
        number(json, "accuracy", figures.accuracy());
        number(json, "kappa", figures.kappa());
        number(json, "kappa_temporal", figures.kappaTemporal());
        number(json, "roc_auc", figures.rocAuc());
        number(json, "average_precision", figures.averagePrecision());
        number(json, "log_loss", figures.logLoss());
        number(json, "ece", figures.ece());
        json.putObject("baselines")
                .put("no_change", figures.baselines().noChange())
                .put("majority", figures.baselines().majority());
        ArrayNode windows = json.putArray("windows");
        for (ClassFigures.Window window : figures.windows()) {
            ObjectNode point = windows.addObject().put("end", window.end()).put("rows", window.rows());
            number(point, "accuracy", window.accuracy());
            number(point, "roc_auc", window.rocAuc());
            number(point, "average_precision", window.averagePrecision());
            number(point, "log_loss", window.logLoss());
            number(point, "no_change", window.baselines().noChange());
            number(point, "majority", window.baselines().majority());
        }
    }

    private static void put(ObjectNode json, NumberFigures figures) {
        number(json, "mae", figures.mae());
        number(json, "rmse", figures.rmse());
        number(json, "r2", figures.r2());
        ObjectNode baselines = json.putObject("baselines");
        put(baselines.putObject("no_change"), figures.noChange());
        put(baselines.putObject("mean"), figures.mean());
        ArrayNode windows = json.putArray("windows");
        for (NumberFigures.Window window : figures.windows()) {
            ObjectNode point = windows.addObject().put("end", window.end()).put("rows", window.rows());
            number(point, "mae", window.mae());
            number(point, "no_change", window.noChange());
            number(point, "mean", window.mean());
        }
    }

    private static void put(ObjectNode json, NumberFigures.Baseline figures) {
        number(json, "mae", figures.mae());
        number(json, "rmse", figures.rmse());
        number(json, "r2", figures.r2());
    }

    /** JSON has no word for what is undefined but null. */
    private static void number(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
    }
}
