package io.headwater.bench;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.dataset.FlightStream;
import io.headwater.dataset.Flights;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.event.TrafficBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowSource;
import io.headwater.learn.Learner;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.line.LearningLine;
import io.headwater.line.LineInput;
import io.headwater.line.LineSettings;
import io.headwater.line.VersionSource;
import io.headwater.offline.Foundation;
import io.headwater.offline.MixtureSource;
import io.headwater.registry.CheckpointStore;
import io.headwater.torch.TorchDevice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a checkpoint of the learning line takes, against the size of what is in it. Arguments: a folder for the
 * checkpoints, on the disk that they would be on.
 *
 * <p>Each line learns flights, with logits of events that have no label yet waiting in it, until its replay buffer is
 * full; then it takes a mini-batch of 32 before each of {@value #CHECKPOINTS} checkpoints. Forming the bytes (processor
 * time: the machine may be shared) and writing them, hashed and forced to disk, both hold up the training thread; the
 * share is theirs in the five seconds from one checkpoint to the next.
 */
final class CheckpointStudy {
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();
    private static final int CHECKPOINTS = 30;
    private static final int BATCH = 32;
    private static final double EVERY_MS = 5_000;
    private static final FeatureSchema SCHEMA = new FeatureSchema(Flights.LAYOUT, true, true, 1024);

    private final EventCodec codec =
            new JsonEventCodec(Flights.LAYOUT, new RecordFields("id", "time", "label", "label_time"));
    private final List<LabeledExample> source = new ArrayList<>();
    private final Path folder;

    private CheckpointStudy(Path folder) throws IOException {
        this.folder = folder;
        for (byte[] example : new FlightStream(Flights.read(Flights.file()), 3).sourceExamples()) {
            source.add(value(codec.labeled(example)));
        }
    }

    public static void main(String[] args) throws IOException {
        CheckpointStudy study = new CheckpointStudy(Path.of(args[0]));
        System.out.println("| learner | replay rows | waiting events | bytes | form, processor ms, p50 | write, ms, p50"
                + " | p99 of both | share of training |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int waiting : new int[] {0, 10_000, 100_000}) {
            study.gradient(2_048, waiting);
        }
        for (int replay : new int[] {256, 16_384, 131_072}) {
            study.gradient(replay, 10_000);
        }
        for (int waiting : new int[] {0, 10_000, 100_000}) {
            study.mixture(waiting);
        }
        System.exit(0);
    }

    private void gradient(int replayRows, int waiting) throws IOException {
        TorchDevice device = TorchDevice.of("cpu");
        SourceModel model = new SourceTrainer(SCHEMA, SourceSettings.DEFAULT, device).train(source, epoch -> {});
        GradientSettings usual = model.usualSettings();
        GradientSettings settings = new GradientSettings(
                usual.cut(),
                usual.learningRate(),
                usual.layerRates(),
                usual.weightDecay(),
                usual.clipNorm(),
                usual.steps(),
                usual.stepRows(),
                usual.interceptRate(),
                replayRows,
                usual.recentRows(),
                usual.adaptation(),
                usual.retention(),
                usual.kept(),
                usual.statisticsHalfLife(),
                usual.maxRows(),
                usual.seed());
        measure(
                new GradientLearner(model, settings, device),
                Foundation.of(model).onnx(),
                "gradient | " + count(replayRows),
                waiting,
                replayRows);
    }

    private void mixture(int waiting) throws IOException {
        MixtureSource model = MixtureSource.develop(source, SCHEMA, 1);
        measure(model.model(), model.onnx(), "mixture | none", waiting, 4_096);
    }

    private void measure(Learner learner, byte[] onnx, String name, int waiting, int warmUp) throws IOException {
        VersionSource versions = new VersionSource() {
            @Override
            public byte[] onnx(long version) {
                return onnx;
            }

            @Override
            public byte[] learner(long version) {
                throw new IllegalStateException("nobody rolls back");
            }
        };
        Stream stream = new Stream();
        CheckpointStore store = new CheckpointStore(folder.resolve(name.replaceAll("[^a-z0-9]", "-") + waiting), 3);
        double[] form = new double[CHECKPOINTS];
        double[] write = new double[CHECKPOINTS];
        long bytes = 0;
        try (RowSource rows = RowSource.of(new FeatureEncoder(SCHEMA));
                LearningLine line = new LearningLine(learner, rows.repeatable(1024), versions, settings())) {
            stream.wait(line, waiting);
            for (int learned = 0; learned < warmUp; learned += 1024) {
                stream.learn(line, 1024);
            }
            for (int i = 0; i < CHECKPOINTS; i++) {
                stream.learn(line, BATCH);
                long began = PROCESSOR.getCurrentThreadCpuTime();
                byte[] checkpoint = line.checkpoint();
                form[i] = (PROCESSOR.getCurrentThreadCpuTime() - began) / 1e6;
                long formed = System.nanoTime();
                store.write(line.state().sequence(), checkpoint);
                write[i] = (System.nanoTime() - formed) / 1e6;
                bytes = checkpoint.length;
            }
        }
        print(name, waiting, bytes, form, write);
    }

    private static LineSettings settings() {
        LineSettings usual = LineSettings.DEFAULT;
        return new LineSettings(100_000, usual.probeRows(), usual.falseAlarms(), usual.gate());
    }

    private static void print(String name, int waiting, long bytes, double[] form, double[] write) {
        double[] both = new double[CHECKPOINTS];
        Arrays.setAll(both, i -> form[i] + write[i]);
        double mean = Arrays.stream(both).average().orElse(Double.NaN);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f MB | %.1f | %.1f | %.1f | %.2f %% |%n",
                name,
                count(waiting),
                bytes / 1e6,
                quantile(form, 0.5),
                quantile(write, 0.5),
                quantile(both, 0.99),
                100 * mean / EVERY_MS);
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    private static <T> T value(Decoded<T> decoded) {
        if (decoded instanceof Decoded.Ok<T> ok) {
            return ok.value();
        }
        throw new IllegalStateException("a flight cannot be read: " + decoded);
    }

    /** Flights without an end, as inputs of a line. */
    private final class Stream {
        private static final int PART = 1024;

        private final FlightStream flights = new FlightStream(readFlights(), 3);
        private final List<LabeledExample> labeled = new ArrayList<>();
        private long traffic;
        private long learned;

        /** Lets so many events come whose labels never do. */
        void wait(LearningLine line, int events) {
            for (int from = 0; from < events; from += PART) {
                List<Event> part = new ArrayList<>();
                while (part.size() < Math.min(PART, events - from)) {
                    StreamItem item = flights.next();
                    if (item.kind() == StreamItem.Kind.EVENT) {
                        part.add(value(codec.event(item.value())));
                    }
                }
                OffsetRange range = new OffsetRange(new Partition("events", 0), traffic, traffic += part.size());
                line.step(new LineInput.Traffic(new TrafficBatch(part, List.of(range), "")), 0);
            }
        }

        /** Has the line learn so many source examples, over and over. */
        void learn(LearningLine line, int count) {
            labeled.clear();
            for (int i = 0; i < count; i++) {
                labeled.add(source.get((int) ((learned + i) % source.size())));
            }
            OffsetRange range = new OffsetRange(new Partition("labels", 0), learned, learned += count);
            line.step(new LineInput.Labeled(new MiniBatch(List.copyOf(labeled), List.of(range), "")), 0);
        }
    }

    private static List<io.headwater.dataset.Flight> readFlights() {
        try {
            return Flights.read(Flights.file());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
