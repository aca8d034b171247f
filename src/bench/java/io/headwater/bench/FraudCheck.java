package io.headwater.bench;

import io.headwater.dataset.DatasetException;
import io.headwater.gate.Ranking;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Our fraud generator beside the Fraud Detection Handbook's set: how much of it is fraud, how amounts are spread, and how
 * much each feature tells by itself; and our velocity features of the Handbook's payments beside the Handbook's own.
 * Arguments: the Handbook's file, then seeds of ours.
 */
final class FraudCheck {
    private static final double[] QUANTILES = {.01, .05, .25, .5, .75, .95, .99, .999};
    private static final List<String> SCENARIOS = List.of("amount", "terminal", "card");

    private FraudCheck() {}

    public static void main(String[] args) throws DatasetException {
        FraudRows handbook = FraudRows.of(args[0]);
        differences(handbook);
        String[] titles = new String[args.length];
        double[][] columns = new double[args.length][];
        titles[0] = "Handbook";
        columns[0] = column(handbook);
        handbook = null;
        for (int i = 1; i < args.length; i++) {
            titles[i] = "ours, seed " + args[i];
            columns[i] = column(FraudRows.of("generated:" + args[i]));
        }
        System.out.println("| | " + String.join(" | ", titles) + " |");
        System.out.println("|---|" + "---|".repeat(titles.length));
        String[] rows = rows();
        for (int row = 0; row < rows.length; row++) {
            StringBuilder line = new StringBuilder("| " + rows[row]);
            for (double[] column : columns) {
                boolean whole = row == 0 || column[row] >= 100 && column[row] == Math.rint(column[row]);
                line.append(String.format(Locale.ROOT, whole ? " | %,.0f" : " | %.4f", column[row]));
            }
            System.out.println(line.append(" |"));
        }
    }

    private static String[] rows() {
        StringBuilder rows = new StringBuilder("payments;fraud, %");
        SCENARIOS.forEach(scenario -> rows.append(";fraud by ").append(scenario).append(", %"));
        for (double quantile : QUANTILES) {
            rows.append(";amount, quantile ").append(quantile);
        }
        FraudRows.names().forEach(name -> rows.append(";AUC of ").append(name));
        return rows.toString().split(";", -1);
    }

    private static double[] column(FraudRows rows) {
        double[] column = new double[2 + SCENARIOS.size() + QUANTILES.length + FraudRows.WIDTH];
        int at = 0;
        column[at++] = rows.rows;
        int[] counts = new int[SCENARIOS.size() + 1];
        for (byte scenario : rows.scenarios) {
            counts[scenario]++;
        }
        column[at++] = 100.0 * (rows.rows - counts[0]) / rows.rows;
        for (int scenario = 1; scenario < counts.length; scenario++) {
            column[at++] = 100.0 * counts[scenario] / rows.rows;
        }
        float[] values = feature(rows, 0);
        Arrays.sort(values);
        for (double quantile : QUANTILES) {
            column[at++] = values[(int) (quantile * rows.rows)];
        }
        for (int feature = 0; feature < FraudRows.WIDTH; feature++) {
            column[at++] = Ranking.of(feature(rows, feature), rows.fraud).rocAuc();
        }
        return column;
    }

    private static float[] feature(FraudRows rows, int feature) {
        float[] values = new float[rows.rows];
        for (int row = 0; row < rows.rows; row++) {
            values[row] = rows.feature(row, feature);
        }
        return values;
    }

    private static void differences(FraudRows handbook) {
        long beganNs = System.nanoTime();
        float[] ours = handbook.velocity();
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        System.out.printf(Locale.ROOT, "velocity features of %,d payments in %.1f s%n%n", handbook.rows, seconds);
        boolean[] twice = twiceInASecond(handbook);
        System.out.println("| feature | largest difference from the Handbook's | rows that differ by more than .001 |"
                + " of them by no card that paid twice in that second |");
        System.out.println("|---|---|---|---|");
        for (int feature = 0; feature < FraudRows.WIDTH; feature++) {
            double most = 0;
            int differ = 0;
            int untied = 0;
            for (int row = 0; row < handbook.rows; row++) {
                double difference = Math.abs(ours[row * FraudRows.WIDTH + feature] - handbook.feature(row, feature));
                most = Math.max(most, difference);
                differ += difference > 1e-3 ? 1 : 0;
                untied += difference > 1e-3 && !twice[row] ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2g | %,d | %,d |%n",
                    FraudRows.names().get(feature),
                    most,
                    differ,
                    untied);
        }
        System.out.println();
    }

    /** Two payments of a card in one second have no order: which of them counts the other is anyone's choice. */
    private static boolean[] twiceInASecond(FraudRows rows) {
        boolean[] twice = new boolean[rows.rows];
        for (int row = 1; row < rows.rows; row++) {
            for (int i = row - 1; i >= 0 && rows.seconds[i] == rows.seconds[row]; i--) {
                if (rows.cards[i] == rows.cards[row]) {
                    twice[i] = true;
                    twice[row] = true;
                }
            }
        }
        return twice;
    }
}
