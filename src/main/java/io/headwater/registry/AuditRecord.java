package io.headwater.registry;

/**
 * One line of a model's audit trail, which is only ever appended to.
 *
 * @param timeMs milliseconds since the epoch, UTC
 * @param who the gate, or the operator's name
 * @param action what was done
 * @param version the version it was done to
 * @param from the version that served before
 * @param why one sentence
 */
public record AuditRecord(long timeMs, String who, Action action, long version, long from, String why) {
    /** What can be done to a version. */
    public enum Action {
        PROMOTE,
        ROLL_BACK
    }
}
