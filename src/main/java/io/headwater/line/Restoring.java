package io.headwater.line;

import io.headwater.registry.CheckpointStore;
import io.headwater.registry.CheckpointStore.Restored;
import io.headwater.registry.RegistryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The restoring of a line from the newest checkpoint that is whole and of a format that this program reads. */
final class Restoring {
    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

    private Restoring() {}

    /**
     * Restores {@code line}, and says which step it stands at; 0 if there are no checkpoints, and then it is as it was.
     *
     * @throws UnreadableStateException if there are checkpoints and none can be read; the line is as it was
     */
    static long restore(LearningLine line, CheckpointStore checkpoints) throws IOException {
        List<String> passedOver = new ArrayList<>();
        RuntimeException why = new IllegalArgumentException("broken");
        try {
            Optional<Restored> next = checkpoints.newest();
            while (next.isPresent()) {
                Restored whole = next.get();
                passedOver.addAll(whole.broken());
                try {
                    line.restore(whole.payload());
                    passedOver.forEach(sentence -> LOG.warn("{}; falling back to the one before", sentence));
                    return whole.sequence();
                } catch (IllegalArgumentException e) {
                    passedOver.add("the one of step " + whole.sequence() + ": " + e.getMessage());
                    why = e;
                }
                next = checkpoints.atOrBefore(whole.sequence() - 1);
            }
        } catch (RegistryException e) {
            passedOver.add(String.valueOf(e.getMessage()));
            why = e;
        }
        if (passedOver.isEmpty()) {
            return 0;
        }
        throw new UnreadableStateException(
                "no checkpoint can be read (" + String.join("; ", passedOver) + "): go on with the release that wrote"
                        + " them, or move the model's folder 'checkpoints' away and have the whole lineage learned again",
                why);
    }
}
