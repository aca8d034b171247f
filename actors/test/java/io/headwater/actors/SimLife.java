package io.headwater.actors;

import io.headwater.registry.VersionStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a seed makes of a life before anything happens in it.
 *
 * @param learner what learns
 * @param approval whether an operator has to approve what passes the gate
 * @param followed whether another process follows the versions of this one
 * @param calm whether little goes wrong, so that versions come and go while operators are at work
 * @param busy whether so much is learned that drift is noticed: nothing sounds an alarm before it has seen 512 labels
 */
record SimLife(SimLearner learner, boolean approval, boolean followed, boolean calm, boolean busy) {
    /** What waits for approval keeps its place so long. */
    private static final Duration REPLACE_WAITING = Duration.ofMillis(300);

    private static final int GUARDED_EVERY = 4;
    private static final int APPROVED_EVERY = 3;
    private static final int FOLLOWED_EVERY = 2;
    private static final int CALM_EVERY = 5;
    private static final int BUSY_EVERY = 10;

    static SimLife of(long seed) {
        SimLearner learner = seed % GUARDED_EVERY == 0 ? SimLearner.GUARDED : SimLearner.PLAIN;
        return new SimLife(
                learner,
                seed % APPROVED_EVERY == 1,
                seed % FOLLOWED_EVERY == 1,
                seed % CALM_EVERY == 3,
                seed % BUSY_EVERY == 3);
    }

    /** As {@link TrainingParts#of} has it where approval is required; else the registry alone minds pins. */
    Optional<String> hold(VersionStore store, long nowMs) {
        if (!approval) {
            return Optional.empty();
        }
        Set<Long> pinned = store.pinned();
        return pinned.contains(store.served().orElse(0))
                ? Optional.of("the version that serves is pinned")
                : store.waiting()
                        .flatMap(waits -> waits.holds(pinned.contains(waits.version()), nowMs, REPLACE_WAITING));
    }

    /** Records of one poll at most. */
    int maxPoll() {
        return busy ? 48 : 5;
    }

    /** Examples of a mini-batch. */
    int batch() {
        return busy ? 32 : 4;
    }

    /** Labelled records that may be in memory at once. */
    int mostInFlight() {
        return 4 * maxPoll() + batch();
    }
}
