package io.headwater.join;

import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Adds to each payment what is known of its terminal, and makes an event of it; labels are kept for those to come. */
final class TerminalStage implements Processor<String, Payment, String, byte[]> {
    static final String STORE = "velocity-terminals";

    private final VelocityFeatures features;
    private final VelocityJson json;

    @SuppressWarnings("NullAway.Init") // by init
    private ProcessorContext<String, byte[]> context;

    @SuppressWarnings("NullAway.Init") // by init
    private KeyLogs logs;

    TerminalStage(VelocityFeatures features) {
        this.features = features;
        this.json = new VelocityJson(features);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        this.logs =
                new KeyLogs(context.getStateStore(STORE), features.settings().capacity());
        long retentionMs = features.settings().terminalRetentionMs();
        context.schedule(CardStage.SWEEP, PunctuationType.STREAM_TIME, nowMs -> logs.sweep(nowMs - retentionMs));
    }

    @Override
    public void process(Record<String, Payment> record) {
        Payment payment = record.value();
        VelocityLog log = logs.open(payment.terminal());
        if (payment.isLabel()) {
            features.confirmed(log, payment.timeMs(), payment.label() == 1);
            logs.save(payment.terminal(), record.timestamp());
        } else if (!payment.isPast()) {
            float[] known = Objects.requireNonNull(payment.features());
            features.terminal(log, payment.timeMs(), known);
            byte[] event = json.event(payment.id(), payment.timeMs(), payment.card(), payment.terminal(), known);
            context.forward(record.withKey(payment.id()).withValue(event));
        }
    }
}
