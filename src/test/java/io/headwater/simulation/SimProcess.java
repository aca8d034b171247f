package io.headwater.simulation;

/**
 * One process of a simulated machine. What it does to the world goes through {@link #act}, so that it can die between
 * any two of its acts, and a dead one does nothing any more however long its actors go on.
 */
public final class SimProcess {
    private static final long NEVER = Long.MAX_VALUE;

    private final int number;
    private long acts;
    private long lastAct = NEVER;
    private boolean dead;
    private String diedAt = "";

    /** @param number tells it from the processes before it */
    public SimProcess(int number) {
        this.number = number;
    }

    /** @throws Crash if the process is dead, or dies here */
    public void act(String what) {
        if (!dead && ++acts >= lastAct) {
            dead = true;
            diedAt = what;
        }
        if (dead) {
            throw new Crash(what);
        }
    }

    /** True if the next {@link #act} is its last: then it may be half done. */
    public boolean diesNext() {
        return !dead && acts + 1 >= lastAct;
    }

    /** It dies at its {@code acts}-th act from now, the next one being the first. */
    public void dieAfter(long acts) {
        lastAct = this.acts + acts;
    }

    public void kill() {
        if (!dead) {
            dead = true;
            diedAt = "rest";
        }
    }

    public boolean isDead() {
        return dead;
    }

    public String diedAt() {
        return diedAt;
    }

    @Override
    public String toString() {
        return "process " + number;
    }
}
