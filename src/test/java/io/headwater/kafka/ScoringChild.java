package io.headwater.kafka;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.serve.ServedModel;
import io.headwater.serve.TinyModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A process that scores until it meets an event it never gets over, says so, and waits to be killed. */
final class ScoringChild {
    static final String STUCK = "in the middle of a transaction";

    private ScoringChild() {}

    public static void main(String[] args) throws InterruptedException {
        ModelSlot slot = new ModelSlot();
        slot.swap(ServedModel.load("tiny", 1, TinyModel.onnx(1), TinyModel.SCHEMA.rows()));
        ScoringSettings settings = new ScoringSettings(
                "tiny",
                "killed",
                "0",
                "killed.events",
                "killed.scores",
                "killed.dead",
                ScoreCodec.Format.JSON,
                Duration.ofSeconds(5));
        ScoringLoop.start(
                new KafkaClients(args[0], Map.of("linger.ms", "0")),
                settings,
                new StuckAt(args[1]),
                new Scorer(new EncodedRows(new FeatureEncoder(TinyModel.SCHEMA), 4), slot),
                ScoringListener.NONE,
                InstantSource.system(),
                failure -> System.out.println(failure.getMessage()));
        new CountDownLatch(1).await();
    }

    private record StuckAt(String id) implements EventCodec {
        @Override
        public Decoded<Event> event(byte @Nullable [] value) {
            Decoded<Event> decoded = Records.CODEC.event(value);
            if (decoded instanceof Decoded.Ok<Event> ok && ok.value().id().equals(id)) {
                System.out.println(STUCK);
                while (true) {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
            return decoded;
        }

        @Override
        public Decoded<LabeledExample> labeled(byte @Nullable [] value) {
            return Records.CODEC.labeled(value);
        }
    }
}
