package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.config.HeadwaterConfig;
import io.headwater.fault.KillPoint;
import io.headwater.kafka.EmbeddedBroker;
import io.headwater.registry.ServiceAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong around the service, with the same books kept as when the service itself is killed. The longer ones run
 * with {@code -Dtest.excludedGroups=containers}.
 */
class FaultsIT {
    private static final int EVENTS_PER_SECOND = 500;
    private static final Duration LONG = Duration.ofMinutes(3);

    /** The learner that takes steps of an optimizer, in the middle of which a process can stand still. */
    private static final String GRADIENT = "learner = gradient";

    @TempDir
    Path work;

    @Test
    @Tag("faults")
    void brokerKilledInTheMiddleOfAStep_comesBack_andTheServiceGoesOnByItself() throws Exception {
        brokerKilled(KillPoint.OPTIMIZER_STEP, 40, GRADIENT);
    }

    @Test
    @Tag("faults")
    void brokerKilledInTheMiddleOfACommit_comesBack_andTheServiceGoesOnByItself() throws Exception {
        brokerKilled(KillPoint.LINEAGE_FLUSH, 8, "");
    }

    private void brokerKilled(KillPoint point, int arrival, String settings) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(work.resolve("broker"));
                ServiceBooks books =
                        ServiceBooks.open(work, work.resolve("models"), broker.bootstrapServers(), settings);
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND);
                ServedProcess service =
                        ServedProcess.standingAt(point, arrival, books.config(), work.resolve("service.log"))) {
            try (AutoCloseable on = feed.on()) {
                service.awaitStandstill();
                broker.killAndRestart();
                service.goOn();
            }
            books.awaitComplete();
            service.stop();
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    @Test
    void secondTrainerInTheSameFolder_endsAndSaysWhy_andTheFirstGoesOn() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books =
                        ServiceBooks.open(work, work.resolve("models"), broker.bootstrapServers(), GRADIENT);
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND);
                ServedProcess first =
                        ServedProcess.standingAt(KillPoint.BACKWARD, 40, books.config(), work.resolve("first.log"))) {
            try (AutoCloseable on = feed.on()) {
                first.awaitStandstill();
                try (ServedProcess second = ServedProcess.start(books.config(), work.resolve("second.log"))) {
                    assertThat(second.awaitExit()).isEqualTo(1);
                    assertThat(second.log()).contains("model 'm' in").contains("is in use by another process");
                }
                first.goOn();
            }
            books.awaitComplete();
            // Commands still find the first.
            Path folder = work.resolve("models").resolve(ServiceBooks.MODEL);
            assertThat(first.log())
                    .contains("listening on " + ServiceAddress.read(folder).orElseThrow());
            first.stop();
            assertThat(ServiceAddress.read(folder)).isEmpty();
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    @Test
    @Tag("faults")
    void secondTrainerOnAnEmptyFolder_saysThatItCannotTrain_andTheFirstGoesOn() throws Exception {
        Path models = work.resolve("models");
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(work, models, broker.bootstrapServers(), "");
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND);
                ServedProcess first = ServedProcess.start(books.config(), work.resolve("first.log"))) {
            Path config = Files.writeString(
                    work.resolve("second.conf"),
                    Files.readString(books.config())
                            .replace(models.toString(), work.resolve("empty").toString())
                            .replace("instance = first", "instance = second"));
            books.ledger().severalProcessesScore();
            try (AutoCloseable on = feed.on()) {
                await().atMost(LONG).until(() -> books.ledger().read().promoted() > 1);
                try (ServedProcess second = ServedProcess.start(config, work.resolve("second.log"))) {
                    second.awaitLog("another process trains the model; this one only serves");
                    assertThat(second.isAlive()).isTrue();
                    second.stop();
                }
            }
            books.awaitComplete();
            assertThat(first.log()).doesNotContain("training has ended");
            first.stop();
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    @Test
    @Tag("faults")
    void secondTrainerOnACopyOfTheFolder_takesOver_andTheFirstSaysWhyItStopped() throws Exception {
        Path models = work.resolve("models");
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(work, models, broker.bootstrapServers(), GRADIENT);
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND)) {
            // The first works in a copy, so that the books are kept where the second is.
            Path copy = Files.writeString(
                    work.resolve("first.conf"),
                    Files.readString(books.config())
                            .replace(models.toString(), work.resolve("copy").toString())
                            .replace("instance = first", "instance = other"));
            Folders.copy(models, work.resolve("copy"));
            books.ledger().severalProcessesScore();
            try (ServedProcess first =
                    ServedProcess.standingAt(KillPoint.BACKWARD, 40, copy, work.resolve("first.log"))) {
                try (AutoCloseable on = feed.on()) {
                    first.awaitStandstill();
                    first.freeze();
                    Folders.copy(work.resolve("copy"), models);
                    first.thaw();
                    try (ServedProcess second = ServedProcess.start(books.config(), work.resolve("second.log"))) {
                        second.awaitLog("serving; Ctrl-C stops");
                        first.goOn();
                        first.awaitLog("another process trains model m now; this one stops training and only serves");
                        on.close();
                        books.awaitComplete();
                        assertThat(first.isAlive()).isTrue();
                        first.stop();
                        second.stop();
                    }
                }
            }
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    @Test
    @Tag("faults")
    void secondScorer_joinsLeavesAndIsKilledInTheMiddleOfACommit_andEachEventIsScoredOnce() throws Exception {
        Path models = work.resolve("models");
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(work, models, broker.bootstrapServers(), "");
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                ServedProcess first = ServedProcess.start(books.config(), work.resolve("first.log"))) {
            Path config = Files.writeString(
                    work.resolve("second.conf"),
                    Files.readString(books.config())
                            .replace(
                                    models.toString(), work.resolve("following").toString())
                            .replace("scoring.instance = first", "role = serving, scoring.instance = second"));
            // A follower is a moment behind its trainer.
            books.ledger().severalProcessesScore();
            try (AutoCloseable on = feed.on()) {
                awaitScorers(admin, 1);
                try (ServedProcess second = ServedProcess.start(config, work.resolve("joins.log"))) {
                    awaitScorers(admin, 2);
                    second.stop();
                }
                awaitScorers(admin, 1);
                try (ServedProcess second =
                        ServedProcess.standingAt(KillPoint.OFFSET_COMMIT, 20, config, work.resolve("killed.log"))) {
                    second.awaitStandstill();
                    awaitScorers(admin, 2);
                    second.kill();
                }
                awaitScorers(admin, 1);
            }
            books.awaitComplete();
            first.stop();
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    /** Waits until so many processes share the four partitions of the events. */
    private static void awaitScorers(Admin admin, int count) {
        String group = "headwater-score-" + ServiceBooks.MODEL;
        // The group is not there before its first member.
        await().atMost(LONG).ignoreException(ExecutionException.class).untilAsserted(() -> {
            List<MemberDescription> members = admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .toList();
            assertThat(members).hasSize(count);
            assertThat(members.stream()
                            .map(member -> member.assignment().topicPartitions().size()))
                    .containsOnly(4 / count);
        });
    }

    @Test
    @Tag("faults")
    void diskFull_stopsTrainingWithASentence_andGoesOnByItselfWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(work.resolve("disk"), FaultsIT.class);
                EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(work, disk.path(), broker.bootstrapServers(), "");
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND);
                ServedProcess service = ServedProcess.start(books.config(), work.resolve("service.log"))) {
            TopicLedger ledger = books.ledger();
            try (AutoCloseable on = feed.on()) {
                await().atMost(LONG).until(() -> ledger.read().steps() > 50);
                // The second time is when it tries to start again.
                await().atMost(LONG).until(() -> {
                    disk.fill();
                    return service.said("cannot be written: ") >= 2;
                });
                assertThat(service.log()).contains("No space left on device");
                assertThat(service.http("/v2/health/ready")).contains("No space left on device");

                long stoppedAt = ledger.read().steps();
                int scored = ledger.scored();
                await().atMost(LONG).until(() -> ledger.read().scored() > scored + EVENTS_PER_SECOND);
                assertThat(ledger.steps()).isEqualTo(stoppedAt);
                disk.makeRoom();
            }
            books.awaitComplete();
            service.stop();
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    @Test
    void clockStepsBack_changesNothing() throws Exception {
        SteppingClock clock = new SteppingClock();
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(work, work.resolve("models"), broker.bootstrapServers(), "");
                Feed feed = new Feed(broker.bootstrapServers(), ServiceBooks.MODEL, EVENTS_PER_SECOND)) {
            try (Service service = Service.start(HeadwaterConfig.read(books.config()), clock);
                    AutoCloseable on = feed.on()) {
                assertThat(service.awaitLearned(ServiceBooks.MODEL, 500, LONG)).isTrue();
                clock.step(Duration.ofHours(-2));
                assertThat(service.awaitLearned(ServiceBooks.MODEL, 1_000, LONG))
                        .isTrue();
                clock.step(Duration.ofHours(5));
                assertThat(service.awaitLearned(ServiceBooks.MODEL, 1_500, LONG))
                        .isTrue();
                on.close();
                books.awaitComplete();
                assertThat(service.labelToServedMs(ServiceBooks.MODEL).getMinValue())
                        .isNotNegative();
            }
            books.checkEnd(work.resolve("rebuild.log"));
        }
    }

    /** The machine's clock, set back or forward as somebody wishes. */
    private static final class SteppingClock extends Clock {
        private final AtomicLong aheadMs = new AtomicLong();

        void step(Duration by) {
            aheadMs.addAndGet(by.toMillis());
        }

        @Override
        public Instant instant() {
            return Instant.now().plusMillis(aheadMs.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("everything here is UTC");
        }
    }
}
