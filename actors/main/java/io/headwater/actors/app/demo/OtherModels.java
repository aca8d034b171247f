package io.headwater.actors.app.demo;

import io.headwater.actors.Service;
import io.headwater.codec.ScoreCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The further models of a scenario, each with an audit of its own. Used by one thread. */
final class OtherModels implements AutoCloseable {
    private final List<Other> others = new ArrayList<>();

    private record Other(String model, Scores scores, Audit audit) {}

    private OtherModels() {}

    /** @param ledger says which events were sent */
    static OtherModels of(
            List<Scenario.Beside> beside, Map<String, String> client, ToLongFunction<String> slotOf, Ledger ledger) {
        OtherModels models = new OtherModels();
        for (Scenario.Beside other : beside) {
            Scores scores = new Scores(ledger, other.scored());
            Audit audit = new Audit(
                    Audit.consumer(client), other.model() + ".scores", ScoreCodec.Format.JSON.codec(), slotOf, scores);
            models.others.add(new Other(other.model(), scores, audit));
        }
        return models;
    }

    void start() {
        others.forEach(other -> other.audit.start());
    }

    /** Waits until each event sent has a score of each model; false when there was no more progress for so long. */
    boolean awaitScored(Duration most) throws InterruptedException {
        for (Other other : others) {
            if (!other.scores.awaitAll(most)) {
                return false;
            }
        }
        return true;
    }

    void awaitLearned(Service service, long labels, Duration most) throws InterruptedException {
        for (Other other : others) {
            service.awaitLearned(other.model, labels, most);
        }
    }

    long lost() {
        return others.stream().mapToLong(other -> other.scores.lost()).sum();
    }

    long duplicated() {
        return others.stream().mapToLong(other -> other.scores.duplicated()).sum();
    }

    void stop() throws InterruptedException {
        for (Other other : others) {
            other.audit.stop();
        }
    }

    /** Why an audit ended by itself, null if none did. */
    @Nullable
    Throwable failure() {
        return others.stream()
                .map(other -> other.audit.failure())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        others.forEach(other -> other.audit.close());
    }

    /** Which events a model scored, and which of them again. Thread-safe. */
    static final class Scores implements Audit.Book {
        private final Ledger ledger;
        private final Scenario.ScoreListener listener;
        private final BitSet scored = new BitSet();
        private final BitSet again = new BitSet();

        Scores(Ledger ledger, Scenario.ScoreListener listener) {
            this.ledger = ledger;
            this.listener = listener;
        }

        @Override
        public synchronized void scored(long slot, float probability, long recordMs, long nowNs) {
            int bit = Math.toIntExact(slot);
            if (scored.get(bit)) {
                again.set(bit);
                return;
            }
            scored.set(bit);
            listener.scored(slot, probability);
            notifyAll();
        }

        synchronized long lost() {
            return ledger.sentBut(scored);
        }

        synchronized long duplicated() {
            return again.cardinality();
        }

        synchronized boolean awaitAll(Duration most) throws InterruptedException {
            long end = System.nanoTime() + most.toNanos();
            long before = Long.MAX_VALUE;
            for (long lost = lost(); lost > 0; lost = lost()) {
                if (lost < before) {
                    before = lost;
                    end = System.nanoTime() + most.toNanos();
                }
                long leftMs = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (leftMs <= 0) {
                    return false;
                }
                wait(leftMs);
            }
            return true;
        }
    }
}
