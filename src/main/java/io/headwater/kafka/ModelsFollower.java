package io.headwater.kafka;

import io.headwater.registry.FollowedPosition;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows a models topic on a thread of its own, and hands on each version that comes to serve. */
public final class ModelsFollower implements AutoCloseable {
    private static final long JOIN_MS = 10_000;

    private final LoopThread thread;
    private volatile boolean stopping;

    private ModelsFollower(
            KafkaClients clients,
            String topic,
            String model,
            Optional<FollowedPosition> followed,
            Consumer<Announcement> sink,
            Consumer<StreamStoppedException> onFailure) {
        this.thread = new LoopThread(
                "headwater-follow-" + model, () -> run(clients, topic, model, followed, sink, onFailure));
    }

    /**
     * Starts behind {@code followed}, or at the topic's beginning: see {@link ModelsReader}.
     *
     * @param sink takes each announcement, on the follower's thread
     * @param onFailure told once, on the follower's thread, if it cannot go on
     */
    public static ModelsFollower start(
            KafkaClients clients,
            String topic,
            String model,
            Optional<FollowedPosition> followed,
            Consumer<Announcement> sink,
            Consumer<StreamStoppedException> onFailure) {
        ModelsFollower follower = new ModelsFollower(clients, topic, model, followed, sink, onFailure);
        follower.thread.start();
        return follower;
    }

    private void run(
            KafkaClients clients,
            String topic,
            String model,
            Optional<FollowedPosition> followed,
            Consumer<Announcement> sink,
            Consumer<StreamStoppedException> onFailure) {
        try (ModelsReader reader = new ModelsReader(clients, topic, model, followed)) {
            while (!stopping) {
                reader.poll().ifPresent(sink);
            }
        } catch (Throwable e) {
            if (!stopping) {
                onFailure.accept(new StreamStoppedException(
                        "topic " + topic + " cannot be followed: " + Failures.describe(e), e));
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.join(JOIN_MS);
    }
}
