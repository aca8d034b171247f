package io.headwater.registry;

import java.util.Set;

/**
 * One line of a model's audit trail, which is only ever appended to.
 *
 * @param timeMs milliseconds since the epoch, UTC
 * @param who {@link #GATE}, {@link #RETENTION}, or the operator's name
 * @param action what was done
 * @param version the version it was done to; 0 if to all
 * @param from the version that served before
 * @param why one sentence
 */
public record AuditRecord(long timeMs, String who, Action action, long version, long from, String why) {
    /** Who promotes where no operator does. */
    public static final String GATE = "gate";
    /** Who deletes old versions. */
    public static final String RETENTION = "retention";

    /** What can be done to a version. */
    public enum Action {
        PROMOTE,
        ROLL_BACK,
        /** It stays on disk, and while it serves the gate promotes nothing over it. */
        PIN,
        UNPIN,
        /** An operator let a version serve that the gate had let pass; its promotion follows. */
        APPROVE,
        /** An operator did not. */
        REJECT,
        DELETE,
        /** Rows of owners that had been kept were forgotten. */
        ERASE
    }

    /** Refuses an operator who would pass for a part of the program. */
    static void checkOperator(String who) {
        if (Set.of(GATE, RETENTION).contains(who)) {
            throw new RegistryException("'" + who + "' is the name of a part of Headwater, not of an operator");
        }
    }

    /** Whether it has a version serve. */
    boolean choosesOne() {
        return action == Action.PROMOTE || action == Action.ROLL_BACK;
    }

    /** Whether it answers for a version that waited. */
    boolean decides() {
        return action == Action.APPROVE || action == Action.REJECT;
    }

    /** Whether it pins a version or takes its pin away. */
    boolean pins() {
        return action == Action.PIN || action == Action.UNPIN;
    }

    /** True if an operator chose the version to serve: the lineage names it, and a rebuild continues from its state. */
    boolean isOperatorsChoice() {
        return action == Action.ROLL_BACK || (action == Action.PROMOTE && !who.equals(GATE));
    }
}
