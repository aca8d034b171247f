package io.headwater.kafka;

import io.headwater.simulation.Crash;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link ModelsFollower} without its thread: the test takes its turns. */
public final class SimFollow implements AutoCloseable {
    private final Supplier<ModelsReader> open;
    private final Consumer<Announcement> sink;
    private final Consumer<StreamStoppedException> onFailure;
    private @Nullable ModelsReader reader;
    private boolean ended;

    SimFollow(Supplier<ModelsReader> open, Consumer<Announcement> sink, Consumer<StreamStoppedException> onFailure) {
        this.open = open;
        this.sink = sink;
        this.onFailure = onFailure;
    }

    /** Looks once whether something was announced. */
    public void turn() {
        if (ended) {
            return;
        }
        try {
            ModelsReader own = reader == null ? open.get() : reader;
            reader = own;
            own.poll().ifPresent(sink);
        } catch (Crash e) {
            ended = true;
        } catch (RuntimeException e) {
            ended = true;
            onFailure.accept(new StreamStoppedException("the topic cannot be followed: " + Failures.describe(e), e));
        }
    }

    @Override
    public void close() {
        ended = true;
        if (reader != null) {
            reader.close();
        }
    }
}
