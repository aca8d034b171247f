package io.headwater.kafka;

import io.headwater.codec.EventCodec;
import io.headwater.serve.Scorer;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores events on a thread of its own: polls, decodes, scores with whatever model is in the slot, and sends scores,
 * dead letters and offsets in one Kafka transaction, so that each record is answered exactly once under read_committed,
 * through rebalances, aborts and crashes.
 *
 * <pre>
 *   poll ──► score ──► commit ──► poll ...
 *    ▲          │          │
 *    │          └─ fails ──┴─► abort ──► back off ──► seek to the committed offsets ─┐
 *    └────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
public final class ScoringLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScoringLoop.class);
    private static final long JOIN_MS = 30_000;

    private final String name;
    private final ScoringTurns turns;
    private final Consumer<StreamStoppedException> onFailure;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final LoopThread thread;

    private ScoringLoop(String name, ScoringTurns turns, Consumer<StreamStoppedException> onFailure) {
        this.name = name;
        this.turns = turns;
        this.onFailure = onFailure;
        this.thread = new LoopThread(name, this::run);
    }

    /**
     * Starts a loop.
     *
     * @param scorer with a model in its slot; the loop owns it from here on and closes it
     * @param onFailure told once, on the loop's thread, if the loop cannot go on
     */
    public static ScoringLoop start(
            KafkaClients clients,
            ScoringSettings settings,
            EventCodec codec,
            Scorer scorer,
            ScoringListener listener,
            InstantSource clock,
            Consumer<StreamStoppedException> onFailure) {
        ScoringTurns turns = new ScoringTurns(clients, settings, codec, scorer, listener, clock, System::nanoTime);
        ScoringLoop loop = new ScoringLoop(settings.name(), turns, onFailure);
        loop.thread.start();
        return loop;
    }

    /** Finishes and commits the batch in hand, then ends; waits for that, at most about 35 seconds. */
    @Override
    public void close() {
        stop.countDown();
        thread.join(JOIN_MS);
    }

    private void run() {
        try {
            turns.join();
            while (stop.getCount() > 0) {
                long backOffMs = turns.turn();
                if (backOffMs > 0 && stop.await(backOffMs, TimeUnit.MILLISECONDS)) {
                    LOG.debug("stopped while backing off loop={}", name);
                }
            }
            turns.finish();
        } catch (Throwable e) {
            if (stop.getCount() > 0) {
                stop.countDown();
                onFailure.accept(new StreamStoppedException(turns.sentence(e), e));
            } else {
                LOG.warn(
                        "the last transaction was not committed and its records will be scored again loop={} error={}",
                        name,
                        Failures.describe(e));
            }
        } finally {
            turns.parts().forEach(thread::close);
        }
    }
}
