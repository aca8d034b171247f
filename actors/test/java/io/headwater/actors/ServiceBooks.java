package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.config.HeadwaterConfig;
import io.headwater.feature.RowLayout;
import io.headwater.metrics.HeadwaterMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A model that processes of {@code headwater serve} serve and train, on four partitions, and the books that are kept of
 * it from outside: what the topics say, whether the recorded weights come out again, and what the registry lists.
 */
final class ServiceBooks implements AutoCloseable {
    static final String MODEL = "m";

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Path config;
    private final Path modelFolder;
    private final TopicLedger ledger;
    private final RegistryWatch registry;
    private final UninterruptedLine uninterrupted;

    private ServiceBooks(Path config, HeadwaterConfig settings, String bootstrapServers, RowLayout layout) {
        this.config = config;
        this.modelFolder = settings.dataDir().resolve(MODEL);
        this.ledger = new TopicLedger(bootstrapServers, MODEL);
        this.registry = new RegistryWatch(settings.dataDir(), MODEL, layout);
        this.uninterrupted = new UninterruptedLine(parts(settings));
    }

    /**
     * Writes the config, makes topics and version 1, and opens the books.
     *
     * @param work where the config and the source examples are written
     * @param dataDir where versions and checkpoints will be
     * @param settings HOCON of the model block, beyond what every test has
     */
    static ServiceBooks open(Path work, Path dataDir, String bootstrapServers, String settings) throws IOException {
        Path config = Files.writeString(
                work.resolve("m.conf"),
                "headwater { data-dir = \"" + dataDir + "\", http.port = 0, kafka.bootstrap-servers = \""
                        + bootstrapServers + "\", models." + MODEL
                        + " { features { numeric = [x], categorical = [kind] }, source.file = \""
                        + TestStream.source(work.resolve("source.jsonl"), 400) + "\""
                        + ", topics.partitions = 4, scoring.instance = first"
                        + ", gate { min-examples = 50, candidate-examples = 64, max-worse = 10 }"
                        // The uninterrupted line needs every version that was promoted.
                        + ", checkpoint.every = 200 ms, versions.keep = 100000\n" + settings + "} }");
        HeadwaterConfig read = HeadwaterConfig.read(config);
        try (OpenedModel opened = OpenedModel.open(parts(read))) {
            return new ServiceBooks(
                    config, read, bootstrapServers, opened.rows().layout());
        }
    }

    private static ModelParts parts(HeadwaterConfig config) {
        return new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC());
    }

    /** Between two lives of the service: everything that is there by now is right. */
    void check() throws IOException {
        // A transaction's markers are written to one partition after the other.
        await().atMost(PATIENCE).until(() -> ledger.read().lettersAhead() <= 0);
        registry.check();
        uninterrupted.follow();
        assertThat(uninterrupted.steps()).isEqualTo(ledger.steps());
    }

    /** Waits until a running service has learned and answered all that was sent. */
    void awaitComplete() {
        await().atMost(PATIENCE).until(() -> {
            ledger.read();
            return ledger.isComplete();
        });
    }

    /** After the last life: nothing is left out, and a process that knows nothing comes to the same weights. */
    void checkEnd(Path log) throws IOException, InterruptedException {
        check();
        ledger.checkComplete();
        assertThat(registry.served()).as("served version").isEqualTo(ledger.promoted());
        Process rebuild = ServedProcess.java(log, List.of(), RebuildMain.class, config.toString())
                .start();
        assertThat(rebuild.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(Path.of(log + ".out")))
                .as(Files.readString(log))
                .endsWith(ledger.steps() + " 0");
    }

    Path config() {
        return config;
    }

    Path modelFolder() {
        return modelFolder;
    }

    TopicLedger ledger() {
        return ledger;
    }

    RegistryWatch registry() {
        return registry;
    }

    @Override
    public void close() {
        uninterrupted.close();
        ledger.close();
    }
}
