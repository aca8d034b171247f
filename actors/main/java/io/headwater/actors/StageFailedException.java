package io.headwater.actors;

import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;

/** A stage cannot go on by itself; its supervisor decides what is started again. */
final class StageFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StageFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A stage fails with its part, and for the same reason. */
    static <T> Behavior<T> rethrow(ChildFailed part) {
        throw new StageFailedException(String.valueOf(part.getCause().getMessage()), part.getCause());
    }
}
