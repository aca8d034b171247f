package io.headwater.offline.evaluate;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import java.util.ArrayList;
import java.util.List;

/** Learns nothing and remembers everything: which rows came, which labels, and whether each memo came back. */
final class RememberingLearner implements OnlineLearner {
    /** One meeting with a row: its first number, and the label where it is learned. */
    sealed interface Meeting {
        record Arrived(int row) implements Meeting {}

        record Learned(int row, float label) implements Meeting {}

        record Alarmed() implements Meeting {}
    }

    final List<Meeting> meetings = new ArrayList<>();
    private final Task task;
    private int outputs;

    RememberingLearner(Task task) {
        this.task = task;
        this.outputs = task == Task.CLASSES ? 2 : 1;
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int memoLength() {
        return 1 + outputs;
    }

    @Override
    public void score(OnlineRow row, float[] outputs) {
        throw new AssertionError("test-then-train only arrives and learns");
    }

    @Override
    public void arrive(OnlineRow row, float[] outputs, float[] memo) {
        meetings.add(new Meeting.Arrived((int) row.numeric()[0]));
        memo[0] = row.numeric()[0];
        memo[this.outputs] = -row.numeric()[0];
        outputs[this.outputs - 1] = row.numeric()[0];
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        if (weight != NumberedRows.weightOf((int) row.numeric()[0])) {
            throw new AssertionError("row " + row.numeric()[0] + " is learned as " + weight + " rows");
        }
        if (memo[0] != row.numeric()[0]) {
            throw new AssertionError("row " + row.numeric()[0] + " came back with the memo of " + memo[0]);
        }
        if (task == Task.CLASSES && label > outputs) {
            throw new AssertionError("class " + label + " comes before class " + outputs);
        }
        outputs = task == Task.CLASSES ? Math.max(outputs, (int) label + 1) : outputs;
        meetings.add(new Meeting.Learned((int) row.numeric()[0], label));
    }

    @Override
    public void alarm() {
        meetings.add(new Meeting.Alarmed());
    }

    @Override
    public long stateBytes() {
        return 0;
    }
}
