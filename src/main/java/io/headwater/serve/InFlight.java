package io.headwater.serve;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who uses a resource right now, and tells exactly one caller to close it: the one who retires it when nobody
 * uses it, else the last to leave. Lock-free; no call allocates.
 *
 * <pre>
 *   open, n users --enter--> open, n+1        retired, n users --leave--> retired, n-1
 *   open, n users --leave--> open, n-1        retired, 1 user  --leave--> closable
 *   open, n users --retire-> retired, n       open, 0 users    --retire-> closable
 * </pre>
 */
final class InFlight {
    /*
     * One int: the sign bit says retired, the other 31 count users. Nobody enters after the sign bit is set, so from
     * then on the count only falls and meets zero once.
     */
    private static final int RETIRED = Integer.MIN_VALUE;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(InFlight.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    /** Counts one more user; false if the resource is retired. */
    boolean tryEnter() {
        int seen;
        do {
            seen = state;
            if (seen < 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, seen, seen + 1));
        return true;
    }

    /** Counts one user less; true if the caller has to close the resource. */
    boolean leave() {
        int seen;
        do {
            seen = state;
            if ((seen & ~RETIRED) == 0) {
                throw new IllegalStateException("left more often than entered");
            }
        } while (!STATE.compareAndSet(this, seen, seen - 1));
        return seen - 1 == RETIRED;
    }

    /** Lets nobody in any more; true if the caller has to close the resource. */
    boolean retire() {
        return (int) STATE.getAndBitwiseOr(this, RETIRED) == 0;
    }

    int users() {
        return state & ~RETIRED;
    }

    boolean isRetired() {
        return state < 0;
    }
}
