package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Decoded;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.HeadwaterConfig;
import io.headwater.event.Score;
import io.headwater.kafka.EmbeddedBroker;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.LineageReader;
import io.headwater.line.LineageRecord;
import io.headwater.line.Recovery;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The whole service on a real broker, for tests: model "m" over {@link TestStream}. */
final class RunningService implements AutoCloseable {
    static final String MODEL = "m";

    private final Path work;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Records records;
    private String settings;
    private Service service;

    /**
     * What the model is about.
     *
     * @param features HOCON of the block's features, and of the backbone where there is one
     * @param event an event as JSON, by its number
     * @param labeled the same with its label
     */
    record Records(String features, IntFunction<String> event, IntFunction<String> labeled) {
        static final Records TABULAR =
                new Records("features { numeric = [x], categorical = [kind] }", TestStream::event, TestStream::labeled);
    }

    private RunningService(Path work, Records records, String settings) throws Exception {
        this.work = work;
        this.records = records;
        this.settings = settings;
        this.broker = EmbeddedBroker.start(work.resolve("broker"));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        try {
            this.service = startService();
        } catch (Exception e) {
            // A broker that loses its folder halts the process.
            producer.close(Duration.ZERO);
            broker.close();
            throw e;
        }
    }

    /** @param settings HOCON of the model block, beyond features and source */
    static RunningService start(Path work, String settings) throws Exception {
        TestStream.source(work.resolve("source.jsonl"), 400);
        return new RunningService(work, Records.TABULAR, settings);
    }

    /** On other records; the first {@code source} labelled ones, numbered downwards from -1, are the source. */
    static RunningService start(Path work, Records records, int source, String settings) throws Exception {
        Files.write(
                work.resolve("source.jsonl"),
                IntStream.rangeClosed(1, source)
                        .mapToObj(n -> records.labeled().apply(-n))
                        .toList());
        return new RunningService(work, records, settings);
    }

    /** The settings of the running service. */
    HeadwaterConfig config() {
        return HeadwaterConfig.parse(hocon());
    }

    private String hocon() {
        return "headwater { data-dir = \"" + work.resolve("models") + "\", http.port = 0, kafka.bootstrap-servers = \""
                + broker.bootstrapServers() + "\", models." + MODEL
                + " { " + records.features() + ", source.file = \"" + work.resolve("source.jsonl") + "\"\n" + settings
                + "} }";
    }

    private Service startService() throws Exception {
        Service started = Service.start(config(), Clock.systemUTC());
        try {
            started.ready().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            started.close();
            throw e;
        }
        return started;
    }

    /** Stops the service cleanly and starts it again in the same folder. */
    void restart() throws Exception {
        service.close();
        service = startService();
    }

    /** The same with other settings of the model block, beyond features and source. */
    void restart(String otherSettings) throws Exception {
        service.close();
        settings = otherSettings;
        service = startService();
    }

    /** Takes a line that has learned nothing through the whole recorded lineage; the service must be stopped. */
    Recovery.Replayed rebuild() {
        HeadwaterConfig config = config();
        return UninterruptedLine.replay(
                new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC()));
    }

    /** Stops the service: a line that takes its whole lineage, of more than so many steps, comes to the same weights. */
    void assertRebuilds(int moreThanSteps) throws Exception {
        stopService();
        Recovery.Replayed replayed = rebuild();
        assertThat(replayed.steps()).isGreaterThan(moreThanSteps);
        assertThat(replayed.firstDifference()).isZero();
    }

    /** Stops the service for good; the broker and the folder stay. */
    void stopService() throws Exception {
        service.close();
    }

    Service service() {
        return service;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    Path modelFolder() {
        return work.resolve("models").resolve(MODEL);
    }

    void sendEvents(int from, int until) throws Exception {
        sendAll(".events", from, until, records.event());
    }

    void sendLabels(int from, int until) throws Exception {
        sendAll(".labels", from, until, records.labeled());
    }

    private void sendAll(String topic, int from, int until, IntFunction<String> record) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int n = from; n < until; n++) {
            sent.add(send(topic, record.apply(n).getBytes(StandardCharsets.UTF_8)));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get(30, TimeUnit.SECONDS);
        }
    }

    Future<RecordMetadata> send(String topic, byte[] value) {
        return producer.send(new ProducerRecord<>(MODEL + topic, null, value));
    }

    /** Reads a topic's committed records from the beginning until there are {@code count}, or nothing more comes. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int count, Duration most) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(MODEL + topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long endNs = System.nanoTime() + most.toNanos();
            while (records.size() < count && System.nanoTime() < endNs) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** The scores of so many records, in the order of the topic. */
    List<Score> scores(int count, Duration most) {
        ScoreCodec codec = ScoreCodec.Format.JSON.codec();
        return read(".scores", count, most).stream()
                .map(record -> ((Decoded.Ok<Score>) codec.decode(record.value())).value())
                .toList();
    }

    /** Every step of the model so far, as the lineage topic has them. */
    List<LineageRecord> lineage() {
        List<LineageRecord> records = new ArrayList<>();
        KafkaClients clients = new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
        try (LineageReader reader = new LineageReader(clients, MODEL + ".lineage", 1)) {
            reader.forEachRemaining(records::add);
        }
        return records;
    }

    /** How often each id was scored. */
    static Map<String, Integer> counts(List<Score> scores) {
        Map<String, Integer> counts = new HashMap<>();
        scores.forEach(score -> counts.merge(score.id(), 1, Integer::sum));
        return counts;
    }

    /** What the newest version's manifest notes. */
    String newestNotes() {
        try (VersionStore store = VersionStore.forReading(work.resolve("models"), MODEL)) {
            List<Long> numbers = store.numbers();
            return store.manifest(numbers.get(numbers.size() - 1)).notes();
        }
    }

    /**
     * A metric as it is scraped now; NaN where there is none.
     *
     * @param series its name and its labels, as the scrape has them
     */
    double metric(String series) throws Exception {
        try {
            return scraped(series);
        } catch (IOException e) {
            // The server closed an idle connection while it was taken up again; the next request makes a new one.
            return scraped(series);
        }
    }

    private double scraped(String series) throws Exception {
        return http("GET", "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    HttpResponse<String> http(String method, String path) throws IOException, InterruptedException {
        URI uri = service.address().resolve(path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                // The client's upgrade to HTTP/2 fails at times on a busy machine.
                                .version(HttpClient.Version.HTTP_1_1)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        service.close();
        broker.close();
    }
}
