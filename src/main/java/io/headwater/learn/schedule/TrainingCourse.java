package io.headwater.learn.schedule;

import io.headwater.learn.Allowed;

/**
 * The course of a training: how many layers train by now, whether the last evaluation is the best, and when it is over.
 * A pure state machine; its {@link State} is a value.
 *
 * <pre>
 *              stepped, epochEnded            evaluated, not better, layers are frozen:
 *                    ┌────┐                   WhenStalled opens the next, patience begins anew
 *   start ──────▶ training ◀──────────────────────┐
 *                    │                            │
 *                    └── evaluated ───────────────┤
 *                                                 └── all layers open, patience at its end ──▶ over
 * </pre>
 *
 * @param unfreezing when layers begin to train
 * @param stopping when to give up. Only once all layers train: before, a stall is what the next layer is for. Patience
 *     begins anew with each layer
 * @param layers how many layers right of the cut can train, the head not counted
 */
public record TrainingCourse(Unfreezing unfreezing, EarlyStopping stopping, int layers) {
    public TrainingCourse {
        Allowed.within("layers", layers, 0, 1_000_000);
    }

    /**
     * How far it has come.
     *
     * @param steps optimizer steps taken
     * @param epochs passes over the training rows
     * @param stalls layers that a stall has opened
     * @param stopping what the evaluations said
     */
    public record State(long steps, int epochs, int stalls, EarlyStopping.State stopping) {
        public static final State START = new State(0, 0, 0, EarlyStopping.State.START);

        /** Whether the last evaluation is the best so far: its weights are to be kept. */
        public boolean better() {
            return stopping.better();
        }
    }

    /** How many layers train now, from the top down, the head not counted. */
    public int open(State state) {
        return unfreezing.open(state, layers);
    }

    /** After an optimizer step. */
    public State stepped(State state) {
        return moved(state, new State(state.steps() + 1, state.epochs(), state.stalls(), state.stopping()));
    }

    /** After a pass over the training rows. */
    public State epochEnded(State state) {
        return moved(state, new State(state.steps(), state.epochs() + 1, state.stalls(), state.stopping()));
    }

    /**
     * After an evaluation on held-out rows; the first one may be before any step.
     *
     * @param loss in nats
     */
    public State evaluated(State state, double loss) {
        State next =
                new State(state.steps(), state.epochs(), state.stalls(), stopping.evaluated(state.stopping(), loss));
        boolean stalled = unfreezing instanceof Unfreezing.WhenStalled rule
                && next.stopping().sinceBest() >= rule.evaluations()
                && open(next) < layers;
        return stalled ? moved(next, new State(next.steps(), next.epochs(), next.stalls() + 1, next.stopping())) : next;
    }

    private State moved(State before, State after) {
        return open(after) == open(before)
                ? after
                : new State(
                        after.steps(),
                        after.epochs(),
                        after.stalls(),
                        after.stopping().afresh());
    }

    /** Whether nothing better is to be expected. */
    public boolean isOver(State state) {
        return open(state) == layers && stopping.isOver(state.stopping());
    }
}
