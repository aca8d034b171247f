package io.headwater.kafka;

import io.headwater.event.StreamPosition;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads one topic on a thread of its own and hands over whole polled batches, one for each unit of credit. Where it
 * begins is told by a {@link StreamPosition}, never by a consumer group. It decodes on its thread, so that whoever takes
 * the batches gets values.
 */
public final class PollLoop<T> implements Polling {
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final long JOIN_MS = 20_000;

    private final PollTurns<T> turns;
    private final Consumer<StreamStoppedException> onFailure;
    /** Told when there is credit. */
    private final Semaphore granted = new Semaphore(0);

    private final LoopThread thread;
    private volatile boolean stopping;

    private PollLoop(PollTurns<T> turns, String name, Consumer<StreamStoppedException> onFailure) {
        this.turns = turns;
        this.onFailure = onFailure;
        this.thread = new LoopThread(name, this::run);
    }

    /**
     * Starts a loop without credit.
     *
     * @param position the next offset of each partition that was taken in before
     * @param sink takes each batch, on the loop's thread
     * @param onFailure told once, on the loop's thread, if the loop cannot go on
     */
    public static <T> PollLoop<T> start(
            KafkaClients clients,
            PollSettings settings,
            StreamPosition position,
            RecordDecoder<T> decoder,
            Consumer<PolledBatch<T>> sink,
            Consumer<StreamStoppedException> onFailure) {
        PollTurns<T> turns = new PollTurns<>(clients, settings, position, decoder, sink);
        PollLoop<T> loop = new PollLoop<>(turns, settings.name(), onFailure);
        loop.thread.start();
        return loop;
    }

    @Override
    public void grant(int batches) {
        turns.grant(batches);
        granted.release();
    }

    @Override
    public long lagRecords() {
        return turns.lagRecords();
    }

    /** Stops after the batch in hand and waits for the thread, at most 20 seconds. */
    @Override
    public void close() {
        stopping = true;
        granted.release();
        thread.join(JOIN_MS);
    }

    private void run() {
        try {
            while (!stopping) {
                if (!turns.turn()) {
                    awaitCredit();
                }
            }
        } catch (Throwable e) {
            if (!stopping) {
                stopping = true;
                onFailure.accept(new StreamStoppedException(turns.sentence(e), e));
            }
        } finally {
            thread.close(turns);
        }
    }

    private void awaitCredit() throws InterruptedException {
        if (granted.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            granted.drainPermits();
        }
    }
}
