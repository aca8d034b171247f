package io.headwater.bench.streams;

import io.headwater.learn.Task;

/** The class that a learner's outputs name. */
final class Guess {
    private Guess() {}

    /** The likelier class; of equals the first. */
    static int of(Task task, float[] outputs, int count) {
        if (task == Task.BINARY) {
            return outputs[0] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int k = 1; k < count; k++) {
            best = outputs[k] > outputs[best] ? k : best;
        }
        return best;
    }
}
