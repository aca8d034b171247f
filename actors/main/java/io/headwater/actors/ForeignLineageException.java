package io.headwater.actors;

/** The lineage of the model was written by a process with another folder: this one cannot go on with it. */
final class ForeignLineageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignLineageException(String message) {
        super(message);
    }
}
