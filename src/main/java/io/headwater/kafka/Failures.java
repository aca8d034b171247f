package io.headwater.kafka;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What Kafka's exceptions mean to a loop: Kafka wraps them, so the whole chain of causes is looked through. */
final class Failures {
    private static final int MAX_CAUSES = 16;

    private Failures() {}

    /** Whether trying again cannot help. */
    static boolean isFatal(Throwable e) {
        return e instanceof Error
                || find(e, ProducerFencedException.class).isPresent()
                || find(e, FencedInstanceIdException.class).isPresent()
                || find(e, AuthenticationException.class).isPresent()
                || find(e, AuthorizationException.class).isPresent()
                || find(e, UnsupportedVersionException.class).isPresent()
                || find(e, RecordTooLargeException.class).isPresent()
                || find(e, InterruptException.class).isPresent();
    }

    static <E extends Throwable> Optional<E> find(Throwable e, Class<E> type) {
        Throwable at = e;
        for (int i = 0; at != null && i < MAX_CAUSES; i++, at = at.getCause()) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
        }
        return Optional.empty();
    }

    /** The root of {@code e} in one line: its class where the message alone would say too little. */
    static String describe(Throwable e) {
        Throwable root = e;
        for (int i = 0; root.getCause() != null && i < MAX_CAUSES; i++) {
            root = root.getCause();
        }
        if (root instanceof IllegalStateException && root.getMessage() != null) {
            return root.getMessage();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }
}
