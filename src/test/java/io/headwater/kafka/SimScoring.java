package io.headwater.kafka;

import io.headwater.simulation.Crash;

/** A {@link ScoringLoop} without its thread: the test takes its turns. One that cannot go on is to be made anew. */
public final class SimScoring implements AutoCloseable {
    private final ScoringTurns turns;
    private boolean ended;

    SimScoring(ScoringTurns turns) {
        this.turns = turns;
        turns.join();
    }

    /** Takes one turn; how long it would have to wait after a failure is left to the test's chance. */
    public void turn() {
        try {
            if (!ended) {
                turns.turn();
            }
        } catch (Crash | RuntimeException e) {
            ended = true;
        }
    }

    /** True if the loop cannot go on. */
    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        ended = true;
        for (AutoCloseable part : turns.parts()) {
            try {
                part.close();
            } catch (Exception | Crash e) {
                // As the loop does: each is closed whatever becomes of the others.
                continue;
            }
        }
    }
}
