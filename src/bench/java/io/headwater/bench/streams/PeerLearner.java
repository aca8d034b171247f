package io.headwater.bench.streams;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;

/** A peer in the form of ours: it keeps nothing of a row between its event and its label. */
abstract class PeerLearner implements OnlineLearner, AutoCloseable {
    private final int classes;

    PeerLearner(int classes) {
        this.classes = classes;
    }

    @Override
    public final Task task() {
        return classes == 2 ? Task.BINARY : Task.CLASSES;
    }

    /** A peer is told beforehand how many classes there will be. */
    @Override
    public final int outputs() {
        return classes == 2 ? 1 : classes;
    }

    final int classes() {
        return classes;
    }

    @Override
    public final int memoLength() {
        return 0;
    }

    @Override
    public final void arrive(OnlineRow row, float[] outputs, float[] memo) {
        score(row, outputs);
    }

    /** Not known: a peer's memory is not ours to count. */
    @Override
    public final long stateBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
