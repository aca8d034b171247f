package io.headwater.line;

/** Another process trains the same model: it began later, so this one's lineage is closed and it must stop. */
public final class TrainerFencedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrainerFencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
