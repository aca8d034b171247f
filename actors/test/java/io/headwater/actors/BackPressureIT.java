package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.fault.KillPoint;
import io.headwater.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer that falls behind holds up nobody, and what waits for it waits in Kafka. */
class BackPressureIT {
    private static final int EVENTS_PER_SECOND = 1_000;
    private static final int FLOOD = 3_500;

    /** Four polled batches of at most 500 labels, and the mini-batch that the trainer has in hand. */
    private static final int MOST_IN_MEMORY = 4 * 500 + 32;

    private static final Duration LONG = Duration.ofMinutes(2);

    /** The lag is measured once a second. */
    private static final Duration MEASURED_TWICE = Duration.ofSeconds(3);

    @TempDir
    Path work;

    @Test
    void trainerStandsStill_everyEventIsScored_andLabelsWaitInTheirTopic() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(work, work.resolve("models"), broker.bootstrapServers(), "");
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND);
                ServedProcess service =
                        ServedProcess.standingAt(KillPoint.LEARNED, 20, books.config(), work.resolve("service.log"))) {
            TopicLedger ledger = books.ledger();
            try (AutoCloseable on = feed.on()) {
                service.awaitStandstill();
                long before = ledger.read().labels();
                await().atMost(LONG).until(() -> ledger.read().labels() > before + FLOOD);
            }

            await().atMost(LONG).until(() -> ledger.read().allScored());
            await().atMost(LONG)
                    .during(MEASURED_TWICE)
                    .until(() -> ledger.read().labels() - ledger.labelsTaken() - lag(service) <= MOST_IN_MEMORY);

            service.goOn();
            books.awaitComplete();
            service.stop();
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    /** Labels that the service has not read yet, by its own account. */
    private static long lag(ServedProcess service) throws IOException, InterruptedException {
        Matcher lag = Pattern.compile("headwater_lag_records\\{[^}]*topic=\"labels\"[^}]*} (\\S+)")
                .matcher(service.http("/metrics"));
        assertThat(lag.find()).isTrue();
        return (long) Double.parseDouble(lag.group(1));
    }
}
