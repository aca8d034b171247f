package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.headwater.codec.Decoded;
import io.headwater.event.Event;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.kafka.PolledBatch;
import io.headwater.kafka.PolledRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchActorTest {
    private static final Partition ZERO = new Partition("labels", 0);
    private static final Duration AGE = Duration.ofMillis(200);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<TrainerActor.Command> trainer = kit.createTestProbe();
    private final TestProbe<IngestActor.Command> ingest = kit.createTestProbe();
    private final ActorRef<BatchActor.Command> batches = kit.spawn(BatchActor.create(
            new BatchActor.Settings(3, AGE), sink -> Behaviors.receiveMessage(this::granted), trainer.getRef()));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void polled_moreThanABatch_handsOnOneAndWaitsForReady() {
        ingest.expectMessageClass(IngestActor.Grant.class);

        batches.tell(new BatchActor.Polled(polled(0, 7)));

        TrainerActor.Learn first = trainer.expectMessageClass(TrainerActor.Learn.class);
        assertThat(first.formed().batch().ranges()).containsExactly(new OffsetRange(ZERO, 0, 3));
        assertThat(first.appendedMs()).containsExactly(1000, 1001, 1002);
        trainer.expectNoMessage(Duration.ofMillis(50));
        batches.tell(new BatchActor.Ready());
        assertThat(trainer.expectMessageClass(TrainerActor.Learn.class)
                        .formed()
                        .batch()
                        .ranges())
                .containsExactly(new OffsetRange(ZERO, 3, 6));
    }

    @Test
    void polled_usedUp_givesItsCreditBackOnce() {
        assertThat(ingest.expectMessageClass(IngestActor.Grant.class).batches()).isEqualTo(4);

        batches.tell(new BatchActor.Polled(polled(0, 2)));
        ingest.expectNoMessage(Duration.ofMillis(50));
        batches.tell(new BatchActor.Polled(polled(2, 3)));

        assertThat(ingest.expectMessageClass(IngestActor.Grant.class).batches()).isEqualTo(1);
        ingest.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void polled_fewerThanABatch_isHandedOnWhenAged() {
        batches.tell(new BatchActor.Polled(polled(0, 2)));
        trainer.expectNoMessage(Duration.ofMillis(50));

        time.timePasses(AGE);

        TrainerActor.Learn learn = trainer.expectMessageClass(TrainerActor.Learn.class);
        assertThat(learn.formed().batch().examples()).hasSize(2);
    }

    @Test
    void polled_overTwoBatches_joinsThemInOrder() {
        batches.tell(new BatchActor.Polled(polled(0, 2)));
        batches.tell(new BatchActor.Polled(polled(2, 2)));

        TrainerActor.Learn learn = trainer.expectMessageClass(TrainerActor.Learn.class);

        assertThat(learn.formed().batch().examples())
                .extracting(example -> example.event().id())
                .containsExactly("0", "1", "2");
    }

    private Behavior<IngestActor.Command> granted(IngestActor.Command message) {
        ingest.getRef().tell(message);
        return Behaviors.same();
    }

    private static PolledBatch<LabeledExample> polled(long from, int count) {
        List<PolledRecord<LabeledExample>> records = LongStream.range(from, from + count)
                .mapToObj(BatchActorTest::record)
                .toList();
        return new PolledBatch<>(ZERO, from, records);
    }

    private static PolledRecord<LabeledExample> record(long offset) {
        String id = Long.toString(offset);
        Event event = new Event(id, 0, new float[] {1}, new String[0]);
        return new PolledRecord<>(
                offset,
                1000 + offset,
                null,
                id.getBytes(StandardCharsets.UTF_8),
                new RecordHeaders(),
                new Decoded.Ok<>(new LabeledExample(event, new Label(1, 0))));
    }
}
