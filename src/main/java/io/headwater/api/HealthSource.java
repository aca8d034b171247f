package io.headwater.api;

import io.headwater.registry.Waiting;
import java.util.List;
import java.util.Optional;

/** Says how the process is doing now; asked by the server's own thread, so it answers from memory. */
public interface HealthSource {
    Snapshot snapshot();

    /**
     * The process at one moment. It is live as long as it answers; it is ready when it has a model and every model
     * scores.
     */
    record Snapshot(List<Model> models) {
        public Snapshot {
            models = List.copyOf(models);
        }

        public boolean ready() {
            return !models.isEmpty() && models.stream().allMatch(Model::ready);
        }
    }

    /**
     * One served model. Whether it trains has no say in whether it is ready: scores go on without training.
     *
     * @param version the version in the slot; 0 while it is empty
     * @param scoring true while every scoring loop runs
     * @param device where training runs, {@code cpu} or {@code gpu:N}; "none" before it is known
     * @param training what the training half does
     * @param trainingReason why it is not learning, in one sentence; empty while it is
     * @param waiting the version that waits for approval, if one does
     */
    record Model(
            String name,
            long version,
            boolean scoring,
            String device,
            Training training,
            String trainingReason,
            Optional<Waiting> waiting) {
        public boolean ready() {
            return version > 0 && scoring;
        }
    }

    /** What a model's training half does. */
    enum Training {
        STARTING,
        LEARNING,
        RESTARTING,
        /** It serves what another process, which trains, announces. */
        FOLLOWING,
        /** It will not come back in this process. */
        ENDED
    }
}
