package io.headwater.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads score without a pause while the slot goes through 200 swaps of real models. Each model adds its own bias, so
 * a score shows which version made it, whatever the scorer says.
 */
final class SwapUnderFireTest {
    private static final int THREADS = 4;
    private static final int SWAPS = 200;
    private static final int ROWS = 16;
    /** Each swap waits until this many more batches are scored: swaps meet scores, not an idle slot. */
    private static final int BATCHES_BETWEEN_SWAPS = 5;

    private final ModelSlot slot = new ModelSlot();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong batches = new AtomicLong();
    private final List<AtomicInteger> closes = new ArrayList<>();
    private volatile boolean done;

    /** What one thread saw. */
    private record Seen(long added, long scored, long versions) {}

    @Test
    @Timeout(60)
    void swap_twoHundredTimesUnderFire_losesNoScoreAndNeverGoesBack() throws Exception {
        slot.swap(load(1));
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<Seen>> threads = new ArrayList<>();
        try {
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                threads.add(pool.submit((Callable<Seen>) () -> fire(thread)));
            }
            for (int version = 2; version <= SWAPS + 1; version++) {
                ServedModel next = load(version);
                awaitBatches(batches.get() + BATCHES_BETWEEN_SWAPS, threads);
                slot.swap(next);
            }
            awaitBatches(batches.get() + THREADS * BATCHES_BETWEEN_SWAPS, threads);
        } finally {
            done = true;
            pool.shutdown();
        }

        long versionsSeen = 0;
        for (Future<Seen> thread : threads) {
            Seen seen = thread.get(20, TimeUnit.SECONDS);
            assertThat(seen.scored()).isEqualTo(seen.added()).isPositive();
            versionsSeen = Math.max(versionsSeen, seen.versions());
        }
        slot.close();
        assertThat(faults).isEmpty();
        // The threads met the swaps, not just the first and the last model.
        assertThat(versionsSeen).isGreaterThan(SWAPS / 4);
        assertThat(closes)
                .hasSize(SWAPS + 1)
                .allSatisfy(count -> assertThat(count).hasValue(1));
    }

    private ServedModel load(long version) {
        AtomicInteger count = new AtomicInteger();
        ServedModel[] self = new ServedModel[1];
        self[0] = ServedModel.load("fire", version, TinyModel.onnx(version), TinyModel.SCHEMA.rows(), () -> {
            count.incrementAndGet();
            if (self[0].inFlight() != 0) {
                faults.add("version " + version + " was closed with " + self[0].inFlight() + " scores in flight");
            }
        });
        closes.add(count);
        return self[0];
    }

    private Seen fire(int thread) {
        long added = 0;
        long scored = 0;
        long versions = 0;
        long last = 0;
        try (Scorer scorer = new Scorer(new EncodedRows(new FeatureEncoder(TinyModel.SCHEMA), ROWS), slot)) {
            while (!done) {
                scorer.clear();
                int rows = 1 + (int) (added % ROWS);
                for (int row = 0; row < rows; row++) {
                    scorer.add(TinyModel.event("e", 0.1f * row));
                    added++;
                }
                long version = scorer.score();
                if (version < last) {
                    faults.add("thread " + thread + " saw version " + version + " after " + last);
                }
                versions += version == last ? 0 : 1;
                last = version;
                for (int row = 0; row < rows; row++) {
                    float wanted = TinyModel.expected(0.1f * row, version);
                    if (Math.abs(scorer.probability(row) - wanted) > 1e-5) {
                        faults.add("row " + row + " of version " + version + " scored " + scorer.probability(row)
                                + ", not " + wanted);
                    }
                    scored++;
                }
                batches.incrementAndGet();
            }
        }
        return new Seen(added, scored, versions);
    }

    /** Waits for the scoring threads themselves; fails at once when one of them died. */
    private void awaitBatches(long wanted, List<Future<Seen>> threads) throws Exception {
        while (batches.get() < wanted) {
            for (Future<Seen> thread : threads) {
                if (thread.isDone()) {
                    thread.get();
                }
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
