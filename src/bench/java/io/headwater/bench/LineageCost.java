package io.headwater.bench;

import io.headwater.codec.Decoded;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowSource;
import io.headwater.kafka.DeadLetterSink;
import io.headwater.kafka.EmbeddedBroker;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.LineageTopic;
import io.headwater.kafka.MiniBatches;
import io.headwater.kafka.PolledBatch;
import io.headwater.kafka.PolledRecord;
import io.headwater.learn.Learner;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.line.LearningLine;
import io.headwater.line.LineInput;
import io.headwater.line.LineSettings;
import io.headwater.line.StepOutcome;
import io.headwater.line.VersionSource;
import io.headwater.offline.MixtureSource;
import io.headwater.torch.TorchDevice;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What lineage costs the trainer: the same labelled records, decoded, examined and learned, without any hash or record;
 * with the hashes of input and weights; and with the records in the lineage topic of a real broker, flushed every 100
 * ms as the trainer does. The three take turns, a block of records each. Rows are counted per second of processor time
 * of the trainer's thread, which other work on the machine hardly changes; what that thread waits for the broker at each
 * flush is told apart.
 */
final class LineageCost {
    private static final int NUMBERS = 15;
    private static final int SOURCE = 5_000;
    private static final Duration FLUSH_EVERY = Duration.ofMillis(100);
    private static final Partition LABELS = new Partition("m.labels", 0);
    private static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(columns(), List.of(), List.of()), true, true, 1024);
    private static final JsonEventCodec CODEC =
            new JsonEventCodec(SCHEMA.layout(), new RecordFields("id", "time", "label", "label_time"));

    private LineageCost() {}

    /** Arguments: rows in a block, blocks, rows in a mini-batch. */
    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        int blocks = Integer.parseInt(args[1]);
        int batch = Integer.parseInt(args[2]);
        Path folder = Files.createTempDirectory("lineage-cost");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaClients clients = new KafkaClients(broker.bootstrapServers(), Map.of());
            System.out.println("| learner | batch | off, rows/s | hashes, rows/s | hashes and topic, rows/s |"
                    + " hashes / off | all / off (range) | wait at a flush, median |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            List<LabeledExample> source = new ArrayList<>();
            for (int n = 0; n < SOURCE; n++) {
                source.add(((Decoded.Ok<LabeledExample>) CODEC.labeled(record(-1 - n))).value());
            }
            MixtureSource mixture = MixtureSource.develop(source, SCHEMA, 1);
            measure("mixture", clients, mixture.onnx(), () -> mixture.model(), rows, blocks, batch);
            SourceSettings defaults = SourceSettings.DEFAULT;
            SourceModel net = new SourceTrainer(SCHEMA, defaults, TorchDevice.of("cpu")).train(source, epoch -> {});
            measure(
                    "gradient",
                    clients,
                    net.onnx(),
                    () -> new GradientLearner(net, net.usualSettings(), TorchDevice.of("cpu")),
                    rows,
                    blocks,
                    batch);
        }
    }

    private interface Fresh {
        Learner learner();
    }

    private static void measure(
            String name, KafkaClients clients, byte[] onnx, Fresh fresh, int rows, int blocks, int batch) {
        String topic = name + ".lineage";
        clients.createTopic(topic, LineageTopic.PARTITIONS, 1, KafkaClients.KEEP_FOREVER);
        DeadLetterSink letters = new DeadLetterSink(name + ".letters", name, 0, CODEC.getClass());
        try (LearningLine off = line(new Unhashed(fresh.learner()), onnx);
                LearningLine hashed = line(fresh.learner(), onnx);
                LearningLine recorded = line(fresh.learner(), onnx);
                LineageTopic lineage = new LineageTopic(clients, topic, name, letters)) {
            double[][] rate = new double[3][blocks];
            List<Double> waitsMs = new ArrayList<>();
            // The first two blocks warm the JVM up.
            for (int block = -2; block < blocks; block++) {
                for (int turn = 0; turn < 3; turn++) {
                    int side = (turn + block + 3) % 3;
                    int from = (block + 2) * rows;
                    double measured = switch (side) {
                        case 0 -> unrecorded(off, from, rows, batch);
                        case 1 -> run(hashed, null, from, rows, batch, waitsMs);
                        default -> run(recorded, lineage, from, rows, batch, waitsMs);
                    };
                    if (block >= 0) {
                        rate[side][block] = measured;
                    }
                }
            }
            if (!off.state().position().equals(recorded.state().position())) {
                throw new IllegalStateException("the sides did not learn the same records");
            }
            print(name + " | " + batch, rate, blocks, waitsMs);
        }
    }

    private static void print(String name, double[][] rate, int blocks, List<Double> waitsMs) {
        double[] hashes = new double[blocks];
        double[] all = new double[blocks];
        for (int block = 0; block < blocks; block++) {
            hashes[block] = rate[1][block] / rate[0][block];
            all[block] = rate[2][block] / rate[0][block];
        }
        Arrays.sort(hashes);
        Arrays.sort(all);
        System.out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %.2f | %.2f (%.2f to %.2f) | %.1f ms |%n",
                name,
                median(rate[0]),
                median(rate[1]),
                median(rate[2]),
                hashes[blocks / 2],
                all[blocks / 2],
                all[0],
                all[blocks - 1],
                median(waitsMs.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double unrecorded(LearningLine line, int from, int rows, int batch) {
        List<byte[]> records = records(from, rows);
        long beganNs = processorNs();
        for (int at = 0; at < rows; at += batch) {
            int until = Math.min(rows, at + batch);
            List<LabeledExample> examples = new ArrayList<>(until - at);
            for (byte[] record : records.subList(at, until)) {
                examples.add(((Decoded.Ok<LabeledExample>) CODEC.labeled(record)).value());
            }
            line.step(
                    new LineInput.Labeled(
                            new MiniBatch(examples, List.of(new OffsetRange(LABELS, from + at, from + until)), "")),
                    0);
        }
        return rows / ((processorNs() - beganNs) / 1e9);
    }

    private static double run(
            LearningLine line, @Nullable LineageTopic lineage, int from, int rows, int batch, List<Double> waitsMs) {
        List<byte[]> records = records(from, rows);
        long beganNs = processorNs();
        long flushedNs = System.nanoTime();
        for (int at = 0; at < rows; at += batch) {
            int until = Math.min(rows, at + batch);
            List<PolledRecord<LabeledExample>> polled = new ArrayList<>(until - at);
            for (int i = at; i < until; i++) {
                byte[] value = records.get(i);
                polled.add(new PolledRecord<>(from + i, 0, null, value, new RecordHeaders(), CODEC.labeled(value)));
            }
            MiniBatches.Formed<MiniBatch> formed =
                    MiniBatches.labeled(List.of(new PolledBatch<>(LABELS, from + at, polled)));
            StepOutcome outcome = line.step(new LineInput.Labeled(formed.batch()), 0);
            if (lineage != null) {
                lineage.append(outcome.record(), formed.refused());
                if (System.nanoTime() - flushedNs >= FLUSH_EVERY.toNanos()) {
                    long before = System.nanoTime();
                    lineage.flush();
                    flushedNs = System.nanoTime();
                    waitsMs.add((flushedNs - before) / 1e6);
                }
            }
        }
        if (lineage != null) {
            lineage.flush();
        }
        return rows / ((processorNs() - beganNs) / 1e9);
    }

    private static long processorNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static LearningLine line(Learner learner, byte[] onnx) {
        VersionSource versions = new VersionSource() {
            @Override
            public byte[] onnx(long version) {
                return onnx;
            }

            @Override
            public byte[] learner(long version) {
                throw new IllegalStateException("nobody rolls back here");
            }
        };
        RowSource rows = RowSource.of(new FeatureEncoder(SCHEMA));
        return new LearningLine(learner, rows.repeatable(1024), versions, LineSettings.DEFAULT);
    }

    static List<String> columns() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NUMBERS; i++) {
            names.add("x" + i);
        }
        return names;
    }

    private static List<byte[]> records(int from, int rows) {
        List<byte[]> records = new ArrayList<>(rows);
        for (int n = from; n < from + rows; n++) {
            records.add(record(n));
        }
        return records;
    }

    /** Record {@code n} is always the same; about one in ten is of class 1. */
    static byte[] record(int n) {
        SplittableRandom random = new SplittableRandom(n);
        StringBuilder json = new StringBuilder(400);
        long time = 1_700_000_000_000L + n * 40L;
        json.append("{\"id\":\"e").append(n).append("\",\"time\":").append(time);
        double logit = -2.5;
        for (int i = 0; i < NUMBERS; i++) {
            double x = random.nextGaussian();
            logit += i < 5 ? x / (i + 1) : 0;
            json.append(",\"x").append(i).append("\":").append((float) x);
        }
        boolean label = random.nextDouble() < 1 / (1 + Math.exp(-logit));
        json.append(",\"label\":")
                .append(label ? 1 : 0)
                .append(",\"label_time\":")
                .append(time + 1)
                .append('}');
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
