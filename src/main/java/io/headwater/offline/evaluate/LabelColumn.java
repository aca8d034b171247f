package io.headwater.offline.evaluate;

import io.headwater.dataset.Table;
import io.headwater.learn.Task;
import io.headwater.offline.ClassNames;
import io.headwater.offline.evaluate.EvaluationSettings.Columns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The column of the labels: which task it makes, and each label's number. Where the task is not given, two different
 * values are {@link Task#BINARY}; texts, and at most 100 different whole numbers, {@link Task#CLASSES}; other numbers
 * {@link Task#SQUARED}.
 */
final class LabelColumn {
    private static final int MOST_WHOLE_NUMBERS = 100;

    private final Path file;
    private final Table table;
    private final String name;
    private final int column;
    private final Task task;
    private final List<String> sorted;

    /** @throws IllegalArgumentException if there is no such column, or the task cannot be made of it */
    LabelColumn(Columns asked, Table table, String name) {
        this.file = asked.file();
        this.table = table;
        this.name = name;
        this.column = table.column(name);
        Set<String> found = found();
        this.task = asked.task().orElseGet(() -> task(found));
        check(found, asked.positive());
        this.sorted = task.isRegression() ? List.of() : ClassNames.ordered(found, asked.positive());
    }

    /** Different values, of which more than classes can be are left out. */
    private Set<String> found() {
        Set<String> found = new HashSet<>();
        for (int row = 0; row < table.rows() && found.size() <= ClassNames.MOST; row++) {
            String label = text(row);
            if (label != null) {
                found.add(label);
            }
        }
        return found;
    }

    private @Nullable String text(int row) {
        String text = table.text(column, row);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private Task task(Set<String> found) {
        if (found.size() <= 2) {
            return Task.BINARY;
        }
        boolean whole = found.size() <= MOST_WHOLE_NUMBERS;
        for (int row = 0; row < table.rows() && whole && table.isNumeric(column); row++) {
            double value = table.exactNumber(column, row);
            whole = Double.isNaN(value) || value == Math.rint(value);
        }
        return !table.isNumeric(column) || whole ? Task.CLASSES : Task.SQUARED;
    }

    private void check(Set<String> found, Optional<String> positive) {
        String where = file + ": the label '" + name + "' ";
        if (found.isEmpty()) {
            throw new IllegalArgumentException(where + "has no value in any row");
        } else if (task.isRegression()) {
            if (!table.isNumeric(column)) {
                throw new IllegalArgumentException(where + "holds texts; a regression needs numbers");
            } else if (positive.isPresent()) {
                throw new IllegalArgumentException(where + "is a number to be predicted, which has no positive class");
            }
        } else if (found.size() < 2) {
            throw new IllegalArgumentException(where + "has the same value in every row, "
                    + found.iterator().next() + "; at least two classes are needed");
        } else if (found.size() > ClassNames.MOST) {
            throw new IllegalArgumentException(where + "has more than " + ClassNames.MOST
                    + " different values; allowed are " + ClassNames.MOST + " classes");
        } else if (task == Task.BINARY && found.size() > 2) {
            throw new IllegalArgumentException(
                    where + "has " + (found.size() > MOST_WHOLE_NUMBERS ? "many" : found.size())
                            + " different values; a binary task has two");
        }
    }

    Task task() {
        return task;
    }

    /**
     * Numbers for the labels of all rows, NaN where one is missing, and the classes' names by number.
     *
     * @param order rows in the order in which their labels come: of several classes the first to come is 0
     */
    Numbered numbered(int[] order) {
        float[] labels = new float[table.rows()];
        if (task.isRegression()) {
            for (int row = 0; row < labels.length; row++) {
                labels[row] = table.number(column, row);
            }
            return new Numbered(labels, List.of());
        }
        Map<String, Integer> numbers = new HashMap<>();
        List<String> classes = new ArrayList<>();
        if (task == Task.BINARY) {
            classes.addAll(sorted);
            sorted.forEach(each -> numbers.put(each, numbers.size()));
        }
        for (int row : order) {
            String label = text(row);
            if (label != null && !numbers.containsKey(label)) {
                numbers.put(label, numbers.size());
                classes.add(label);
            }
        }
        for (int row = 0; row < labels.length; row++) {
            String label = text(row);
            Integer number = label == null ? null : numbers.get(label);
            labels[row] = number == null ? Float.NaN : number;
        }
        return new Numbered(labels, classes);
    }

    /**
     * Labels as a learner takes them.
     *
     * @param labels of each row of the table
     * @param classes names by number; empty for a regression
     */
    record Numbered(float[] labels, List<String> classes) {
        Numbered {
            classes = List.copyOf(classes);
        }
    }
}
