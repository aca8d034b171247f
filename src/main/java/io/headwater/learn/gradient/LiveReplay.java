package io.headwater.learn.gradient;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateWriter;
import io.headwater.learn.retain.ReplayBuffer;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;

/** Labelled rows of a stream's past that are learned again beside those that come: some of all times, and the latest. */
final class LiveReplay {
    private final GradientSettings settings;
    private final ReplayBuffer past;
    private final ReplayBuffer latest;

    LiveReplay(RowLayout layout, GradientSettings settings) {
        this.settings = settings;
        this.past = new ReplayBuffer(settings.kept(), layout, Math.max(1, settings.replayRows()));
        this.latest = new ReplayBuffer(Keep.LATEST, layout, Math.max(1, settings.recentRows()));
    }

    /** Rows of all times. */
    int size() {
        return past.size();
    }

    /** Appends one of the rows of all times to {@code to}. */
    void copyTo(FeatureBatch to, int slot) {
        past.copyTo(to, slot);
    }

    /**
     * Draws a step's rows, half of them among the latest where those are kept apart, and hands the head their labels.
     *
     * @param staging where they are appended
     */
    Prefix.Rows stage(int wanted, FeatureBatch staging, TrainableHead head, SeededRandom random) {
        int from = staging.rows();
        int recent = latest.size() == 0 ? 0 : past.size() == 0 ? wanted : wanted / 2;
        stage(latest, recent, staging, head, random);
        stage(past, past.size() == 0 ? 0 : wanted - recent, staging, head, random);
        return new Prefix.Rows(from, staging.rows() - from);
    }

    private static void stage(
            ReplayBuffer rows, int count, FeatureBatch staging, TrainableHead head, SeededRandom random) {
        for (int i = 0; i < count; i++) {
            int slot = random.nextInt(rows.size());
            head.label(staging.rows(), rows.label(slot), rows.offset(slot));
            rows.copyTo(staging, slot);
        }
    }

    /** Takes a labelled row in, with the offset that it is learned against. */
    void learn(FeatureBatch batch, int row, float label, float offset, SeededRandom random) {
        if (settings.replayRows() > 0) {
            past.add(batch, row, label, offset, random);
        }
        if (settings.recentRows() > 0) {
            latest.add(batch, row, label, offset, random);
        }
    }

    /** See {@link io.headwater.learn.Learner#erase}. */
    int erase(OwnerKeys owners) {
        return past.erase(owners) + latest.erase(owners);
    }

    void write(StateWriter out) {
        past.write(out);
        latest.write(out);
    }

    void restore(SavedReplay savedPast, SavedReplay savedLatest) {
        past.restore(savedPast);
        latest.restore(savedLatest);
    }
}
