package io.headwater.actors.app;

import io.headwater.actors.app.demo.Ledger;
import io.headwater.actors.app.demo.Replay;
import io.headwater.cli.CommandFailedException;
import io.headwater.cli.EndSignal;
import io.headwater.dataset.FileReason;
import io.headwater.dataset.FlightStream;
import io.headwater.dataset.Flights;
import io.headwater.kafka.KafkaClients;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends a recorded stream to a Kafka cluster: the demo's producer by itself. */
@Command(
        name = "replay",
        description = "Send the demo's recorded stream to a Kafka cluster, without the service.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater replay --bootstrap localhost:9092 --source source.jsonl",
            "  headwater replay --bootstrap kafka:9092 --model flights --speed 600 --for 1h"
        })
final class ReplayCommand implements Runnable {
    private static final int SOURCE_DAYS = 3;
    private static final Duration TELL_EVERY = Duration.ofSeconds(5);
    /** Partitions and copies of topics that are not there yet, as the broker has them. */
    private static final int BY_DEFAULT = 0;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--bootstrap", required = true, paramLabel = "HOST:PORT", description = "The cluster.")
    @SuppressWarnings("NullAway.Init")
    private String bootstrap;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description = "A property of the Kafka client (security and the like); may be repeated.")
    private Map<String, String> properties = new HashMap<>();

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "flights",
            description = "Topics are NAME.events and NAME.labels (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String model;

    @Option(
            names = "--source",
            paramLabel = "FILE",
            description = "Write the source days' labelled examples here first, for source.file.")
    private @Nullable Path source;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "365d",
            converter = DurationConverter.class,
            description = "How long to run (default: until stopped).")
    @SuppressWarnings("NullAway.Init")
    private Duration duration;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "20000",
            description = "Seconds of the stream in a second (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Override
    public void run() {
        if (!(speed > 0)) {
            throw new ParameterException(spec.commandLine(), "--speed is " + speed + ", allowed is a number above 0");
        }
        try (EndSignal end = EndSignal.listen(Headwater.ENDING)) {
            FlightStream stream = new FlightStream(Flights.read(Flights.file()), SOURCE_DAYS);
            if (source != null) {
                writeSource(source, stream.sourceExamples());
            }
            Map<String, Object> client = new HashMap<>(properties);
            client.put("bootstrap.servers", bootstrap);
            Replay.Topics topics = new Replay.Topics(model + ".events", model + ".labels");
            KafkaClients clients = new KafkaClients(bootstrap, properties);
            clients.createTopic(topics.events(), BY_DEFAULT, BY_DEFAULT, Map.of());
            clients.createTopic(topics.labels(), BY_DEFAULT, BY_DEFAULT, Map.of());
            Ledger ledger = new Ledger(stream.sourceRate());
            try (Replay replay = new Replay(stream, Replay.producer(client), topics, speed, ledger, item -> {})) {
                replay.start();
                report(replay, end);
            }
        } catch (IOException e) {
            throw new CommandFailedException("the recording cannot be replayed: " + FileReason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(Replay replay, EndSignal end) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        long endNs = System.nanoTime() + duration.toNanos();
        boolean asked = false;
        while (!asked && System.nanoTime() < endNs && replay.failure() == null) {
            asked = end.await(TELL_EVERY);
            err.println(
                    "sent " + replay.sent() + " events, stream time " + Instant.ofEpochMilli(replay.streamTimeMs()));
            err.flush();
        }
        Throwable failure = replay.failure();
        if (failure != null) {
            throw new CommandFailedException("the replay ended: " + failure.getMessage(), failure);
        }
    }

    private static void writeSource(Path file, List<byte[]> examples) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".tmp");
        try (OutputStream out = Files.newOutputStream(aside)) {
            for (byte[] example : examples) {
                out.write(example);
                out.write('\n');
            }
        }
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
