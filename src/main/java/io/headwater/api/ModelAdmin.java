package io.headwater.api;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.Waiting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * What an operator can do to a model. No call blocks; an expected failure is a {@link Refused}, and a stage that fails
 * means that the part asked did not answer.
 */
public interface ModelAdmin {
    /** Records of the audit trail that are told where nobody says how many. */
    int USUAL_RECORDS = 1_000;

    /** Records of the audit trail that are told at once; the files of the trail have all. */
    int MOST_RECORDS = 100_000;

    /** All kept versions, oldest first. */
    CompletionStage<Answer<List<Version>>> versions(String model);

    /**
     * Does something to a version.
     *
     * @param how to promote serves a kept version without asking the gate, to roll back an earlier one again; to approve
     *     or reject is about the one that waits; a pin keeps a version on disk, and while it serves the gate promotes
     *     nothing over it
     * @param version empty for the newest (promote), the one that served before (roll back), or the one that serves (pin,
     *     unpin); whoever approves or rejects has to name what they looked at
     * @param who and {@code why} for the audit trail
     */
    CompletionStage<Answer<Long>> change(String model, Action how, OptionalLong version, String who, String why);

    /** The newest {@code last} records of the audit trail, at most {@link #MOST_RECORDS}, oldest first. */
    CompletionStage<Answer<List<AuditRecord>>> audit(String model, int last);

    /**
     * Has the model forget the rows of some owners that it keeps to learn from again, wherever they are on disk.
     *
     * @param owners as the events name them; their text goes no further than their keys
     * @param who and {@code why} for the audit trail
     */
    CompletionStage<Answer<Erasure>> erase(String model, List<String> owners, String who, String why);

    /**
     * What an erasure did.
     *
     * @param step the lineage's record of it
     * @param rows erased from what the learning line kept
     * @param waiting events that waited for their label
     * @param checkpoints that were removed; one without the rows is in their place
     * @param versions whose own learners had rows of the owners, and have none now
     * @param source whether the source model had some, and has none now
     * @param remains what it did not or cannot do, in sentences
     */
    record Erasure(
            long step,
            int rows,
            int waiting,
            int checkpoints,
            List<Long> versions,
            boolean source,
            List<String> remains) {
        public Erasure {
            versions = List.copyOf(versions);
            remains = List.copyOf(remains);
        }
    }

    /** One kept version, whether it serves now, whether it is pinned, and what is known of it while it waits. */
    record Version(Manifest manifest, boolean serves, boolean pinned, Optional<Waits> waits) {}

    /**
     * A version that waits for approval, as it is at {@code nowMs}.
     *
     * @param line how the line stands by now; empty where it does not run
     */
    record Waits(Waiting waiting, long nowMs, Optional<Line> line) {}

    /**
     * How a learning line stands.
     *
     * @param examplesLearned labelled examples that it has learned
     * @param figures of champion, challenger and frozen model over the gate's window, by the names of a manifest's
     */
    record Line(long examplesLearned, Map<String, Double> figures) {}

    /** What came of a call. */
    sealed interface Answer<T> {}

    /** It is done; {@code value} is the list asked for, or the version that it was done to. */
    record Done<T>(T value) implements Answer<T> {}

    /** It was not done. */
    record Refused<T>(Cause cause, String reason) implements Answer<T> {}

    /** Why a call was refused. */
    enum Cause {
        /** There is no such model or version: HTTP 404. */
        UNKNOWN,
        /** It exists, but this cannot be done to it now: HTTP 409. */
        CONFLICT
    }
}
