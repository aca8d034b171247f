package io.headwater.join;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Adds to each payment what its card did before, and hands it on to its terminal; labels go there as they are. */
final class CardStage implements Processor<byte[], Payment, String, Payment> {
    static final String STORE = "velocity-cards";
    static final Duration SWEEP = Duration.ofHours(6);

    private final VelocityFeatures features;

    @SuppressWarnings("NullAway.Init") // by init
    private ProcessorContext<String, Payment> context;

    @SuppressWarnings("NullAway.Init") // by init
    private KeyLogs logs;

    CardStage(VelocityFeatures features) {
        this.features = features;
    }

    @Override
    public void init(ProcessorContext<String, Payment> context) {
        this.context = context;
        this.logs =
                new KeyLogs(context.getStateStore(STORE), features.settings().capacity());
        long retentionMs = features.settings().cardRetentionMs();
        context.schedule(SWEEP, PunctuationType.STREAM_TIME, nowMs -> logs.sweep(nowMs - retentionMs));
    }

    @Override
    public void process(Record<byte[], Payment> record) {
        Payment payment = record.value();
        if (!payment.isLabel()) {
            float[] known = new float[features.width()];
            VelocityLog log = logs.open(payment.card());
            features.card(log, payment.timeMs(), payment.amount(), known);
            logs.save(payment.card(), record.timestamp());
            payment = payment.with(known);
        }
        context.forward(record.withKey(payment.terminal()).withValue(payment));
    }
}
