package io.headwater.kafka;

import io.headwater.codec.EventCodec;
import io.headwater.event.OffsetRange;
import io.headwater.line.LineInput;
import io.headwater.line.LineageRecord;
import io.headwater.line.LostInputException;
import io.headwater.line.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Forms the inputs that lineage recorded again, from the topics that they were read from. One thread owns it. */
public final class RecordedInputs implements Recovery.RecordedInputSource {
    private static final int MAX_POLL_RECORDS = 2000;

    private final Consumer<byte[], byte[]> consumer;
    private final RangeReader reader;
    private final Function<String, EventCodec> codecs;

    /**
     * @param codecs by the settings that a step was taken with: each must read as the one did that read its inputs at
     *     first
     */
    public RecordedInputs(KafkaClients clients, String name, Function<String, EventCodec> codecs) {
        this((Clients) clients, name, codecs);
    }

    RecordedInputs(Clients clients, String name, Function<String, EventCodec> codecs) {
        this.consumer = clients.replayer(name, MAX_POLL_RECORDS);
        this.reader = new RangeReader(consumer);
        this.codecs = codecs;
    }

    @Override
    public LineInput form(LineageRecord record, String settings) {
        EventCodec codec = codecs.apply(settings);
        return switch (record.kind()) {
            case LABELED ->
                new LineInput.Labeled(
                        MiniBatches.labeled(read(record, codec::labeled)).batch());
            case TRAFFIC ->
                new LineInput.Traffic(
                        MiniBatches.traffic(read(record, codec::event)).batch());
            case PROMOTED -> new LineInput.Promoted(record.version());
            case ALARM -> new LineInput.Alarm(record.alarm().orElseThrow());
            case ROLLED_BACK -> new LineInput.RolledBack(record.version());
            case ERASED -> new LineInput.Erased(record.erased());
            case RECONFIGURED -> new LineInput.Reconfigured(record.settingsSha256());
        };
    }

    private <T> List<PolledBatch<T>> read(LineageRecord record, RecordDecoder<T> decoder) {
        List<PolledBatch<T>> taken = new ArrayList<>();
        for (OffsetRange range : record.ranges()) {
            List<PolledRecord<T>> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> read : reader.read(range)) {
                records.add(PolledRecord.of(read, decoder));
            }
            if (records.isEmpty()) {
                throw new LostInputException(
                        range,
                        LostInputException.Cause.GONE,
                        "step " + record.sequence() + " of the lineage took records of " + range + " but none is left");
            }
            taken.add(new PolledBatch<>(range.partition(), range.from(), records, range.until()));
        }
        return taken;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
