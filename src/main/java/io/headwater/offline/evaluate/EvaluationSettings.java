package io.headwater.offline.evaluate;

import io.headwater.learn.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What is evaluated, and on what.
 *
 * @param learner its name in {@link OnlineLearners}
 * @param positiveWeight as how many rows the learner is told that a positive row counts, each negative as one; what it
 *     says is corrected for that. 1 changes nothing
 * @param window rows that each point of the curve is over; a hundredth of the stream, 100 at least, if empty
 * @param alarmBudget rows in which there is one false alarm, at most, where the losses are watched for changes that the
 *     learner is told of; empty where they are not
 */
public record EvaluationSettings(
        Columns data,
        Delay delay,
        String learner,
        long seed,
        double positiveWeight,
        OptionalInt window,
        OptionalDouble alarmBudget) {
    private static final double MOST_WEIGHT = 1e6;

    /**
     * The file, and what its columns are.
     *
     * @param format what its name would end with, where it does not say
     * @param label column of the labels; svmlight has one of its own
     * @param time column by which the rows are put in order; the file's order if empty
     * @param weight column that says as how many rows each is learned; as one if empty
     * @param ignored columns that are no features
     * @param categorical columns of numbers that are categories all the same
     * @param positive the class of two that the score is for
     * @param task what the labels are; found out if empty
     */
    public record Columns(
            Path file,
            Optional<String> format,
            Optional<String> label,
            Optional<String> time,
            Optional<String> weight,
            List<String> ignored,
            List<String> categorical,
            Optional<String> positive,
            Optional<Task> task) {
        public Columns {
            ignored = List.copyOf(ignored);
            categorical = List.copyOf(categorical);
        }

        /** What the file's name ends with, or would. */
        String nameOfFormat() {
            return format.orElse(String.valueOf(file.getFileName()));
        }

        private boolean isSvmlight() {
            String name = nameOfFormat().toLowerCase(Locale.ROOT);
            return name.contains("svmlight") || name.contains("libsvm");
        }
    }

    /** How much later than its event a label comes. */
    public sealed interface Delay {
        /** So many rows lie between a row and the first that knows its label. */
        record Rows(int rows) implements Delay {
            public Rows {
                if (rows < 0) {
                    throw new IllegalArgumentException("a delay is at least 0 rows, not " + rows);
                }
            }
        }

        /** The label's time stands in a column; where it is missing the label never comes. */
        record Column(String name) implements Delay {}

        /**
         * So much time.
         *
         * @param text a duration such as 7d where the column of the time holds dates, else a number in its unit
         */
        record Time(String text) implements Delay {
            private static final Pattern LENGTH = Pattern.compile("[0-9.]+([eE][+-]?[0-9]+)?( *[a-zA-Z]+)?");

            public Time {
                if (!LENGTH.matcher(text).matches()) {
                    throw new IllegalArgumentException("--delay-time is '" + text
                            + "'; allowed is 0 or more: a duration such as 90s, 12h or 7d where --time holds dates, else a"
                            + " number in its unit");
                }
            }
        }
    }

    public EvaluationSettings {
        if (data.label().isEmpty() && !data.isSvmlight()) {
            throw new IllegalArgumentException("name the column of the labels with --label; only svmlight needs none");
        }
        if (window.isPresent() && window.getAsInt() < 1) {
            throw new IllegalArgumentException("a window has at least 1 row, not " + window.getAsInt());
        }
        if (!(positiveWeight >= 1 / MOST_WEIGHT && positiveWeight <= MOST_WEIGHT)) {
            throw new IllegalArgumentException(
                    "a positive row counts " + positiveWeight + " times; 0.000001 to 1000000 is allowed");
        }
        if (!(delay instanceof Delay.Rows) && data.time().isEmpty()) {
            throw new IllegalArgumentException("a delay in time needs --time COLUMN, the time of each row's event");
        }
    }
}
