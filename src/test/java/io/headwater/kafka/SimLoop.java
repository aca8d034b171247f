package io.headwater.kafka;

import io.headwater.simulation.Crash;
import java.util.function.Consumer;

/** A {@link PollLoop} without its thread: the test takes its turns. */
public final class SimLoop implements Polling {
    private final PollTurns<?> turns;
    private final Consumer<StreamStoppedException> onFailure;
    private boolean ended;

    SimLoop(PollTurns<?> turns, Consumer<StreamStoppedException> onFailure) {
        this.turns = turns;
        this.onFailure = onFailure;
    }

    /** Takes one turn; false if there was nothing to do, or the loop has ended. */
    public boolean turn() {
        if (ended) {
            return false;
        }
        try {
            return turns.turn();
        } catch (Crash e) {
            ended = true;
        } catch (RuntimeException e) {
            ended = true;
            onFailure.accept(new StreamStoppedException(turns.sentence(e), e));
        }
        return false;
    }

    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void grant(int batches) {
        turns.grant(batches);
    }

    @Override
    public long lagRecords() {
        return turns.lagRecords();
    }

    @Override
    public void close() {
        ended = true;
        turns.close();
    }
}
