package io.headwater.learn.online;

import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Rows by number, some values missing, and a learner's life on them with labels that come {@code delay} rows late. */
final class Stream {
    private static final int NUMERIC = 4;
    private static final int CATEGORICAL = 2;
    private static final int BUCKETS = 64;

    private final Task task;
    private final long seed;
    private final int delay;
    private final Deque<float[]> waiting = new ArrayDeque<>();
    final List<Float> outputs = new ArrayList<>();
    private int arrived;

    Stream(Task task, long seed, int delay) {
        this.task = task;
        this.seed = seed;
        this.delay = delay;
    }

    /** One that stands where this one does. */
    Stream copy() {
        Stream copy = new Stream(task, seed, delay);
        waiting.forEach(memo -> copy.waiting.add(memo.clone()));
        copy.outputs.addAll(outputs);
        copy.arrived = arrived;
        return copy;
    }

    OnlineRow row(int number) {
        SeededRandom random = new SeededRandom(seed * 1_000_003 + number);
        OnlineRow row = new OnlineRow(NUMERIC, CATEGORICAL);
        for (int i = 0; i < NUMERIC; i++) {
            row.numeric()[i] =
                    random.nextInt(10) == 0 ? Float.NaN : (float) (random.nextGaussian() * (i + 1) + 100 * i);
        }
        for (int i = 0; i < CATEGORICAL; i++) {
            row.categorical()[i] = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(BUCKETS - 1);
        }
        return row;
    }

    float label(int number) {
        OnlineRow row = row(number);
        float value = Float.isNaN(row.numeric()[0]) ? 0 : row.numeric()[0];
        float sum = value + (row.categorical()[0] % 3 - 1) + (row.numeric()[1] > 100 ? .5f : -.5f);
        return switch (task) {
            case BINARY -> sum > 0 ? 1 : 0;
            case CLASSES -> number < 20 ? number % 2 : sum > 1 ? 2 : sum > 0 ? 1 : 0;
            case SQUARED, HUBER -> 10 + 3 * sum;
        };
    }

    void feed(MixtureLearner learner, int rows) {
        for (int end = arrived + rows; arrived < end; arrived++) {
            float[] out = new float[learner.outputs()];
            float[] memo = new float[learner.memoLength()];
            learner.arrive(row(arrived), out, memo);
            outputs.add(out[0]);
            waiting.add(memo);
            if (waiting.size() > delay) {
                int labelled = arrived - delay;
                learner.learn(row(labelled), waiting.remove(), label(labelled), 1);
            }
        }
    }
}
