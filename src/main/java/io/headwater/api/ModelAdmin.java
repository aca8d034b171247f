package io.headwater.api;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.Manifest;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * What an operator can do to a model. No call blocks; an expected failure is a {@link Refused}, and a stage that fails
 * means that the part asked did not answer.
 */
public interface ModelAdmin {
    /** All kept versions, oldest first. */
    CompletionStage<Answer<List<Version>>> versions(String model);

    /**
     * Serves an earlier version again.
     *
     * @param version empty for the one that served before the current
     * @param who and {@code why} for the audit trail
     */
    CompletionStage<Answer<Long>> rollback(String model, OptionalLong version, String who, String why);

    /**
     * Serves a kept version without asking the gate.
     *
     * @param version empty for the newest
     * @param who and {@code why} for the audit trail
     */
    CompletionStage<Answer<Long>> promote(String model, OptionalLong version, String who, String why);

    /**
     * Pins a version: it stays on disk, and while it serves the gate promotes nothing over it.
     *
     * @param version empty for the one that serves
     * @param who and {@code why} for the audit trail
     */
    CompletionStage<Answer<Long>> pin(String model, OptionalLong version, String who, String why);

    /**
     * Takes a pin away.
     *
     * @param version empty for the one that serves
     * @param who and {@code why} for the audit trail
     */
    CompletionStage<Answer<Long>> unpin(String model, OptionalLong version, String who, String why);

    /** The whole audit trail, oldest first. */
    CompletionStage<Answer<List<AuditRecord>>> audit(String model);

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
     * @param remains what it did not or cannot do, in sentences
     */
    record Erasure(long step, int rows, int waiting, int checkpoints, List<Long> versions, List<String> remains) {
        public Erasure {
            versions = List.copyOf(versions);
            remains = List.copyOf(remains);
        }
    }

    /** One kept version, whether it serves now, and whether it is pinned. */
    record Version(Manifest manifest, boolean serves, boolean pinned) {}

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
