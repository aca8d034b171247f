package io.headwater.bench;

import io.headwater.kafka.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What scoring and memory feel of a trainer with far more labels than it can learn. Each turn is a fresh {@code headwater
 * serve}, a process of its own, that
 * scores events at a steady rate: for a while without any label, and then for as long with a backlog of ten times what
 * the trainer can learn meanwhile, appended in one burst before the measurement begins. An event's latency is from its
 * send to the arrival of its score at a consumer of committed records.
 */
final class FloodStudy {
    private static final int SOURCE = 5_000;
    private static final int WARM_UP_LABELS = 20_000;
    private static final int TIMES = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final EmbeddedBroker broker;
    private final Path work;
    private final String learner;
    private final int perSecond;
    private final int seconds;

    private FloodStudy(EmbeddedBroker broker, Path work, String learner, int perSecond, int seconds) {
        this.broker = broker;
        this.work = work;
        this.learner = learner;
        this.perSecond = perSecond;
        this.seconds = seconds;
    }

    /** Arguments: learner, events a second, seconds of a side, turns. */
    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("flood-study");
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"))) {
            FloodStudy study =
                    new FloodStudy(broker, work, args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            study.writeSource();
            System.out.println("| turn | learned, rows/s | labels | p50, without / flooded | p99 | RSS, MiB | left |");
            System.out.println("|---|---|---|---|---|---|---|");
            for (int turn = 1; turn <= Integer.parseInt(args[3]); turn++) {
                study.turn(turn);
            }
        }
    }

    private void writeSource() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int n = 1; n <= SOURCE; n++) {
            lines.add(new String(LineageCost.record(-n), StandardCharsets.UTF_8));
        }
        Files.write(work.resolve("source.jsonl"), lines);
    }

    private String config(String model) {
        String columns = LineageCost.columns().stream().collect(Collectors.joining(", "));
        return "headwater { data-dir = \"" + work.resolve(model) + "\", http.port = 0, kafka.bootstrap-servers = \""
                + broker.bootstrapServers() + "\", models." + model + " { learner = " + learner
                + ", training.batch-size = 128, gate.candidate-examples = 512, features.numeric = [" + columns
                + "], source.file = \"" + work.resolve("source.jsonl") + "\" } }";
    }

    private void turn(int turn) throws Exception {
        String model = "m" + turn;
        Path config = Files.writeString(work.resolve(model + ".conf"), config(model));
        try (Served service = Served.start(config);
                Labels labels = new Labels(broker.bootstrapServers(), model)) {
            Events events = new Events(broker.bootstrapServers(), model);
            events.latency(0, perSecond, 3);

            double rate = rate(service, labels);
            Histogram without = events.latency(perSecond * 3, perSecond, seconds);
            long rssBefore = service.residentMiB();

            int flood = (int) (TIMES * rate * seconds);
            labels.append(flood);
            Histogram flooded = events.latency(perSecond * (3 + seconds), perSecond, seconds);
            long learned = service.learned();
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %,.0f | %,d | %.1f / %.1f ms | %.1f / %.1f ms | %d / %d | %,d |%n",
                    turn,
                    rate,
                    flood,
                    ms(without, 50),
                    ms(flooded, 50),
                    ms(without, 99),
                    ms(flooded, 99),
                    rssBefore,
                    service.residentMiB(),
                    labels.appended - learned);
        }
    }

    /** Labels that the trainer learns in a second when there are enough, after some to warm up. */
    private static double rate(Served service, Labels labels) throws Exception {
        labels.append(2 * WARM_UP_LABELS);
        long from = service.awaitLearned(WARM_UP_LABELS);
        long began = System.nanoTime();
        return (service.awaitLearned(2 * WARM_UP_LABELS) - from) / ((System.nanoTime() - began) / 1e9);
    }

    private static double ms(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The service, as a process. */
    private static final class Served implements AutoCloseable {
        private static final String LISTENING = "listening on ";
        private static final Duration LOOK_EVERY = Duration.ofMillis(20);

        private final Process process;
        private final URI address;
        private final HttpClient http = HttpClient.newHttpClient();

        private Served(Process process, URI address) {
            this.process = process;
            this.address = address;
        }

        /** Waits until it scores. */
        static Served start(Path config) throws IOException {
            Process process = new ProcessBuilder("./headwater", "serve", "--config", config.toString())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LISTENING)) {
                    return new Served(process, URI.create(line.substring(LISTENING.length())));
                }
            }
            throw new IOException("headwater serve ended before it listened");
        }

        /** Waits until so many labels are learned, and says how many are. */
        long awaitLearned(long least) throws IOException, InterruptedException {
            long untilNs = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < untilNs) {
                long learned = learned();
                if (learned >= least) {
                    return learned;
                }
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
            throw new IllegalStateException("not learned in " + PATIENCE);
        }

        long learned() throws IOException, InterruptedException {
            return metric("headwater_labels_learned_total");
        }

        long residentMiB() throws IOException, InterruptedException {
            return metric("process_resident_memory_bytes") >> 20;
        }

        private long metric(String name) throws IOException, InterruptedException {
            HttpRequest request =
                    HttpRequest.newBuilder(address.resolve("/metrics")).build();
            return http.send(request, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }

        /** Ends it with what it has not learned. */
        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    /** The labels topic. */
    private static final class Labels implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private int appended;

        Labels(String bootstrapServers, String model) {
            this.producer = producer(bootstrapServers);
            this.topic = model + ".labels";
        }

        /** Appends so many, and waits until the broker has them. */
        void append(int count) {
            for (int until = appended + count; appended < until; appended++) {
                producer.send(new ProducerRecord<>(topic, LineageCost.record(appended)));
            }
            producer.flush();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** The events topic and its scores. */
    private record Events(String bootstrapServers, String model) {
        /** Sends events {@code from} on at a steady rate, and says how long their scores took, nanoseconds. */
        Histogram latency(int from, int perSecond, int seconds) throws Exception {
            int count = perSecond * seconds;
            AtomicLongArray sentNs = new AtomicLongArray(count);
            ExecutorService reading = Executors.newSingleThreadExecutor();
            try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
                Future<Histogram> latency = reading.submit(() -> read(from, sentNs));
                long begin = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    sentNs.set(i, System.nanoTime());
                    producer.send(new ProducerRecord<>(model + ".events", LineageCost.record(from + i)));
                }
                return latency.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } finally {
                reading.shutdownNow();
            }
        }

        private Histogram read(int from, AtomicLongArray sentNs) {
            Histogram latency = new Histogram(PATIENCE.toNanos(), 3);
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            bootstrapServers,
                            "isolation.level",
                            "read_committed",
                            "group.id",
                            "study-" + model,
                            "auto.offset.reset",
                            "earliest"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(model + ".scores"));
                while (latency.getTotalCount() < sentNs.length()) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                        int n = number(record) - from;
                        if (n >= 0) {
                            latency.recordValue(System.nanoTime() - sentNs.get(n));
                        }
                    }
                }
            }
            return latency;
        }

        /** The score's key, or else its value, has the event's id: an e and its number. */
        private static int number(ConsumerRecord<byte[], byte[]> score) {
            String text = new String(score.value(), StandardCharsets.UTF_8);
            int at = text.indexOf("\"id\":\"e") + 7;
            return Integer.parseInt(text.substring(at, text.indexOf('"', at)));
        }
    }
}
