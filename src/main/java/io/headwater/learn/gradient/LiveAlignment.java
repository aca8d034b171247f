package io.headwater.learn.gradient;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.LiveDomains;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.gradient.LearnerCheckpoint.SavedAdaptation;
import io.headwater.learn.gradient.TrainableHead.AlignedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The alignment of a stream's domains beside the learning of its labels: which rows a step aligns, and how strongly. */
final class LiveAlignment {
    /** So that what adaptation draws is not what replay draws. */
    private static final long SEED = 0x646f6d61696e73L;

    private final GradientSettings settings;
    private final LiveTerm term;
    private LiveDomains domains;

    /**
     * @param sample of the source domain, to begin with
     * @param term closed by the head that it belongs to
     */
    LiveAlignment(LabeledRows sample, GradientSettings settings, LiveTerm term) {
        this.settings = settings;
        this.term = term;
        this.domains = fresh(sample);
    }

    private LiveDomains fresh(LabeledRows sample) {
        return new LiveDomains(settings.adaptation(), sample.rows(), sample.labels(), settings.seed() ^ SEED);
    }

    /** Takes unlabelled rows in. */
    void arrive(FeatureBatch batch, IntPredicate taken) {
        domains.arrive(batch, taken);
    }

    /** Takes a labelled row in. */
    void learn(FeatureBatch batch, int row, float label) {
        domains.learn(batch, row, label);
    }

    /** See {@link io.headwater.learn.Learner#erase}. */
    int erase(OwnerKeys owners) {
        return domains.erase(owners);
    }

    /**
     * For each step stages rows of the target whose turn it is, and as many of the source; null where no target is ready.
     */
    List<@Nullable AlignedRows> stage(FeatureBatch staging, int steps) {
        List<@Nullable AlignedRows> aligned = new ArrayList<>(steps);
        for (int step = 0; step < steps; step++) {
            LiveDomains.Turn turn = domains.turn();
            aligned.add(turn == null ? null : stage(staging, turn));
        }
        return aligned;
    }

    private AlignedRows stage(FeatureBatch staging, LiveDomains.Turn turn) {
        int from = staging.rows();
        domains.copySource(turn, staging);
        int middle = staging.rows();
        domains.copyTarget(turn, staging);
        return new AlignedRows(
                new Prefix.Rows(from, middle - from),
                new Prefix.Rows(middle, staging.rows() - middle),
                turn.strength());
    }

    List<TargetState> targets() {
        return domains.targets();
    }

    /** See {@link io.headwater.learn.Learner#notes}. */
    String notes() {
        String method = settings.adaptation().method().spelled();
        List<TargetState> targets = targets();
        if (targets.isEmpty()) {
            return "Adaptation with " + method + " has met no target yet.";
        }
        return "Adapted with " + method + " to "
                + targets.stream().map(TargetState::toString).collect(Collectors.joining(", ")) + ".";
    }

    /** The part of a checkpoint that only a learner with the same method takes over; see {@link LearnerCheckpoint}. */
    void write(StateWriter out) {
        out.text(settings.adaptation().method().spelled()).bytes(LearnerCheckpoint.adaptation(domains, term));
    }

    /** That part where nothing is aligned. */
    static void writeNone(StateWriter out) {
        out.text("").bytes(new byte[0]);
    }

    /**
     * @param saved null where the checkpoint's learner aligned nothing, or by another method: alignment begins
     * @param sample of the source domain, for that case
     */
    void restore(@Nullable SavedAdaptation saved, LabeledRows sample) {
        LiveDomains live = fresh(sample);
        if (saved != null) {
            live.restore(saved.domains());
        }
        domains = live;
        term.restore(saved == null ? term.fresh() : saved.term());
    }
}
