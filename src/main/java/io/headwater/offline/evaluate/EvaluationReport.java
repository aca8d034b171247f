package io.headwater.offline.evaluate;

import io.headwater.learn.Task;
import java.util.List;

/**
 * What an evaluation found.
 *
 * @param classes names by number; of two the second is the one that the score is for; empty for a regression
 * @param columns that the learner saw, numbers and categories
 * @param course how far it came, and how fast
 * @param stopped whether it was ended before the last row
 * @param alarms rows before which the losses said that the stream had changed
 * @param stateBytes memory of the learner at the end
 */
public record EvaluationReport(
        String learner,
        Task task,
        List<String> classes,
        Columns columns,
        TestThenTrain.Course course,
        boolean stopped,
        Figures figures,
        List<Integer> alarms,
        long stateBytes) {
    public EvaluationReport {
        classes = List.copyOf(classes);
        alarms = List.copyOf(alarms);
    }

    /** How many there are of each kind. */
    public record Columns(int numeric, int categorical) {}

    /** Rows that were scored but have no label, so that no figure counts them. */
    public int unlabelled() {
        return course.rows() - figures.rows();
    }
}
