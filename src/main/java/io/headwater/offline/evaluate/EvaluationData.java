package io.headwater.offline.evaluate;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Limits;
import io.headwater.dataset.Progress;
import io.headwater.dataset.Table;
import io.headwater.dataset.Tables;
import io.headwater.learn.Task;
import io.headwater.offline.WrongOptionException;
import io.headwater.offline.evaluate.EvaluationSettings.Columns;
import io.headwater.offline.evaluate.EvaluationSettings.Delay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The data of an evaluation, read.
 *
 * @param classes names by number; empty for a regression
 * @param numeric names of the columns of numbers that a learner sees
 * @param categorical names of those of categories
 */
record EvaluationData(
        EvaluationRows rows,
        LabelArrivals arrivals,
        Task task,
        List<String> classes,
        List<String> numeric,
        List<String> categorical) {
    /** Hash buckets that all categories share, as a served model has by default. */
    static final int BUCKETS = 1024;

    private static final float MOST_WEIGHT = 1e6f;
    private static final String SVMLIGHT_LABEL = "label";

    /** Reads one request's data. */
    static final class Reader {
        private final EvaluationSettings asked;
        private final Columns columns;
        private final Table table;
        private final String label;

        private Reader(EvaluationSettings asked, Table table) {
            this.asked = asked;
            this.columns = asked.data();
            this.table = table;
            this.label = label();
        }

        private String label() {
            // That another file's label is named, the settings have seen to.
            return columns.label().orElse(SVMLIGHT_LABEL);
        }

        private EvaluationData data() {
            LabelColumn labels = new LabelColumn(columns, table, label);
            List<String> numeric = new ArrayList<>();
            List<String> categorical = new ArrayList<>();
            features(numeric, categorical);
            int[] order = new int[0];
            LabelArrivals arrivals;
            if (columns.time().isPresent()) {
                TimeColumn times =
                        TimeColumn.of(columns.file(), table, columns.time().get());
                times.checkWhole(columns.file());
                order = times.isInOrder() ? order : inOrder(times.values());
                arrivals = arrivals(times, order);
            } else {
                arrivals = LabelArrivals.afterRows(table.rows(), ((Delay.Rows) asked.delay()).rows());
            }
            LabelColumn.Numbered numbered = labels.numbered(byArrival(arrivals, order));
            EvaluationRows rows = new TableRows(
                    table, places(numeric), places(categorical), BUCKETS, numbered.labels(), weights(), order);
            return new EvaluationData(rows, arrivals, labels.task(), numbered.classes(), numeric, categorical);
        }

        private void features(List<String> numeric, List<String> categorical) {
            columns.ignored().forEach(table::column);
            columns.categorical().forEach(table::column);
            Set<String> others = new HashSet<>(columns.ignored());
            others.add(label);
            columns.time().ifPresent(others::add);
            columns.weight().ifPresent(others::add);
            if (asked.delay() instanceof Delay.Column column) {
                others.add(column.name());
            }
            for (String name : table.names()) {
                if (!others.contains(name)) {
                    boolean number = table.isNumeric(table.column(name))
                            && !columns.categorical().contains(name);
                    (number ? numeric : categorical).add(name);
                }
            }
            if (numeric.isEmpty() && categorical.isEmpty()) {
                throw new IllegalArgumentException(
                        columns.file() + ": there is no column to learn from beside the label");
            }
        }

        private float[] weights() {
            if (columns.weight().isEmpty()) {
                return new float[0];
            }
            String name = columns.weight().get();
            int column = table.column(name);
            float[] weights = new float[table.rows()];
            for (int row = 0; row < weights.length; row++) {
                weights[row] = table.isNumeric(column) ? table.number(column, row) : Float.NaN;
                if (!(weights[row] > 0 && weights[row] <= MOST_WEIGHT)) {
                    throw new IllegalArgumentException(columns.file() + ", row " + (row + 1) + ": the weight '" + name
                            + "' is " + (table.isNumeric(column) ? weights[row] : table.text(column, row))
                            + "; a number above 0 and at most 1000000 is allowed");
                }
            }
            return weights;
        }

        private int[] places(List<String> names) {
            return names.stream().mapToInt(table::column).toArray();
        }

        private static int[] inOrder(double[] times) {
            return IntStream.range(0, times.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> times[row]))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        private LabelArrivals arrivals(TimeColumn times, int[] order) {
            if (asked.delay() instanceof Delay.Rows count) {
                return LabelArrivals.afterRows(table.rows(), count.rows());
            }
            double[] due = due(times);
            for (int row = 0; row < due.length; row++) {
                if (due[row] < times.values()[row]) {
                    throw new IllegalArgumentException(columns.file() + ", row " + (row + 1)
                            + ": the label comes before its event; allowed is the same time or a later one");
                }
            }
            return LabelArrivals.atTimes(sorted(times.values(), order), sorted(due, order));
        }

        private double[] due(TimeColumn times) {
            if (asked.delay() instanceof Delay.Column column) {
                TimeColumn due = TimeColumn.of(columns.file(), table, column.name());
                if (due.dates() != times.dates()) {
                    throw new IllegalArgumentException(columns.file() + ": of the times '" + times.name() + "' and '"
                            + due.name() + "' one holds dates and the other numbers; allowed are two of one kind");
                }
                return due.values();
            }
            double delay = length(((Delay.Time) asked.delay()).text(), times);
            double[] due = new double[times.values().length];
            for (int row = 0; row < due.length; row++) {
                due[row] = times.values()[row] + delay;
            }
            return due;
        }

        private static double length(String text, TimeColumn times) {
            String allowed = times.dates()
                    ? "a duration such as 90s, 12h or 7d, because '" + times.name() + "' holds dates"
                    : "a number in the unit of '" + times.name() + "', which holds numbers";
            double length;
            try {
                length = times.dates() ? milliseconds(text) : number(text);
            } catch (NumberFormatException | ConfigException e) {
                throw new WrongOptionException("--delay-time is '" + text + "'; allowed is " + allowed, e);
            }
            if (!(length >= 0 && length < Double.POSITIVE_INFINITY)) {
                throw new WrongOptionException("--delay-time is '" + text + "'; allowed is 0 or more");
            }
            return length;
        }

        /** A number alone has no unit, and is refused. */
        private static double milliseconds(String text) {
            if (!endsInALetter(text)) {
                throw new NumberFormatException("no unit: " + text);
            }
            return ConfigFactory.parseMap(Map.of("length", text))
                    .getDuration("length")
                    .toMillis();
        }

        /** Java would read 7d as a double. */
        private static double number(String text) {
            if (endsInALetter(text)) {
                throw new NumberFormatException("a unit: " + text);
            }
            return Double.parseDouble(text);
        }

        private static boolean endsInALetter(String text) {
            return !text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1));
        }

        private static double[] sorted(double[] values, int[] order) {
            return order.length == 0
                    ? values
                    : IntStream.of(order).mapToDouble(row -> values[row]).toArray();
        }

        /** The table's rows as their labels come; behind them those whose labels never do. */
        private int[] byArrival(LabelArrivals arrivals, int[] order) {
            IntStream come = IntStream.range(0, arrivals.labels()).map(arrivals::rowOf);
            IntStream all = IntStream.range(0, arrivals.labels() == arrivals.rows() ? 0 : arrivals.rows());
            return IntStream.concat(come, all)
                    .map(row -> order.length == 0 ? row : order[row])
                    .toArray();
        }
    }

    /**
     * @throws DatasetException if the file cannot be read
     * @throws IllegalArgumentException if it does not hold what was asked for
     */
    static EvaluationData read(EvaluationSettings asked, Progress progress) throws DatasetException {
        Columns columns = asked.data();
        Table table = Tables.readAs(columns.nameOfFormat(), columns.file(), Limits.DEFAULT, progress);
        return new Reader(asked, table).data();
    }
}
