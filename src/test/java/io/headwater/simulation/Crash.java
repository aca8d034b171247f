package io.headwater.simulation;

/** The process is dead: nothing that it still tries reaches the world. An error, so that nobody takes it for a failure. */
public final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash(String where) {
        super("crashed at " + where, null, false, false);
    }
}
