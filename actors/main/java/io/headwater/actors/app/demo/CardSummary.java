package io.headwater.actors.app.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What the alerts of each day are worth to an analyst.
 *
 * @param all over all days
 * @param sinceMove over the days since fraud is committed in another way
 * @param standing the models compared over the payments of those days
 */
record CardSummary(DailyAlerts.Report all, DailyAlerts.Report sinceMove, Standing standing) implements Findings {
    @Override
    public void put(ObjectNode json) {
        json.put("days", all.days());
        put(json, "cp_at_" + DailyAlerts.TOP, all, DailyAlerts.Found::cardPrecision);
        put(json, "alerts_per_day", all, DailyAlerts.Found::alertsPerDay);
        ObjectNode since = json.putObject("since_move");
        since.put("days", sinceMove.days()).put("compared", standing.events());
        DemoSummary.put(since, "frozen", standing.frozen());
        DemoSummary.put(since, "frozen_running_intercept", standing.frozenRunningIntercept());
        DemoSummary.put(since, "adaptive", standing.adaptive());
        put(since, "cp_at_" + DailyAlerts.TOP, sinceMove, DailyAlerts.Found::cardPrecision);
        put(since, "alerts_per_day", sinceMove, DailyAlerts.Found::alertsPerDay);
    }

    private static void put(
            ObjectNode json, String name, DailyAlerts.Report report, ToDoubleFunction<DailyAlerts.Found> figure) {
        ObjectNode node = json.putObject(name);
        DemoSummary.put(node, "frozen", figure.applyAsDouble(report.frozen()));
        DemoSummary.put(node, "frozen_running_intercept", figure.applyAsDouble(report.frozenRunningIntercept()));
        DemoSummary.put(node, "adaptive", figure.applyAsDouble(report.adaptive()));
    }

    @Override
    public String toTable() {
        StringBuilder table = new StringBuilder();
        if (standing.events() > 0) {
            DemoSummary.line(
                    table,
                    "%n%-28s %9s %9s %9s",
                    String.format(Locale.ROOT, "since fraud moved, %,d", standing.events()),
                    "ROC AUC",
                    "log loss",
                    "ECE");
            DemoSummary.row(table, "frozen", standing.frozen());
            DemoSummary.row(table, "frozen + running intercept", standing.frozenRunningIntercept());
            DemoSummary.row(table, "adaptive", standing.adaptive());
        }
        days(table, "cards", all);
        if (sinceMove.days() > 0) {
            days(table, "cards since then", sinceMove);
        }
        return table.toString();
    }

    private static void days(StringBuilder table, String what, DailyAlerts.Report report) {
        title(
                table,
                String.format(Locale.ROOT, "%s, %,d days", what, report.days()),
                "CP@" + DailyAlerts.TOP,
                "alerts/d");
        row(table, "frozen", report.frozen());
        row(table, "frozen + running intercept", report.frozenRunningIntercept());
        row(table, "adaptive", report.adaptive());
    }

    private static void title(StringBuilder table, String what, String first, String second) {
        DemoSummary.line(table, "%n%-28s %9s %9s", what, first, second);
    }

    private static void row(StringBuilder table, String name, DailyAlerts.Found found) {
        DemoSummary.line(
                table,
                "  %-26s %9s %9s",
                name,
                DemoSummary.number("%.3f", found.cardPrecision()),
                DemoSummary.number("%.0f", found.alertsPerDay()));
    }
}
