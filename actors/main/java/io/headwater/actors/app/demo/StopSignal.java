package io.headwater.actors.app.demo;

import java.time.Duration;

/** Tells when somebody wants the program to end. */
public interface StopSignal {
    /** Waits at most so long; true if somebody wants it to end. */
    boolean await(Duration most) throws InterruptedException;
}
