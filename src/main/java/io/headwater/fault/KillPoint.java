package io.headwater.fault;

import org.jspecify.annotations.Nullable;

/**
 * A place in the middle of some work at which a crash leaves that work half done. A test that wants one just there
 * starts the process with {@code -Dheadwater.kill-point=NAME:N:FILE}: the thread that comes to the place for the Nth
 * time writes FILE and stands still, until the process is killed or FILE is gone.
 *
 * <p>Without the property passing a point costs nothing: the reference that it looks at is a constant null.
 */
public enum KillPoint {
    /** Records are polled and decoded; nobody has them yet. */
    POLL,
    /** A loss is computed, its gradients are not. */
    FORWARD,
    /** Gradients are computed; no weight has moved. */
    BACKWARD,
    /** The first weights have taken the optimizer's step, the others have not. */
    OPTIMIZER_STEP,
    /** The learner has taken a mini-batch in; the line does not count it yet. */
    LEARNED,
    /** Half of a checkpoint's bytes are written. */
    CHECKPOINT_WRITE,
    /** Half of a model file's bytes are written. */
    VERSION_WRITE,
    /** Half a line of the audit trail is written. */
    AUDIT_APPEND,
    /** A choice is in the audit trail and does not hold yet. */
    CHOICE,
    /** All of a file is written, and not forced to disk. */
    FSYNC,
    /** A file is on disk whole, and does not have its name yet. */
    RENAME,
    /** A version has its name, and the folder around it is not forced to disk. */
    VERSION_PUBLISH,
    /** Steps are in an open transaction of the lineage topic. */
    LINEAGE_FLUSH,
    /** Steps are in the lineage topic for good; nobody was told. */
    LINEAGE_FLUSHED,
    /** Scores and the offsets that they answer are in an open transaction. */
    OFFSET_COMMIT,
    /** The next model scores; the one before is not retired. */
    SWAP;

    /** Where the place, the arrival and the file are named. */
    public static final String PROPERTY = "headwater.kill-point";

    private static final @Nullable Standstill STANDSTILL = Standstill.of(System.getProperty(PROPERTY));

    /** Is at this place now. */
    public void pass() {
        Standstill standstill = STANDSTILL;
        if (standstill != null) {
            standstill.arrive(this);
        }
    }
}
