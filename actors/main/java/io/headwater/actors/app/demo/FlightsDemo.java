package io.headwater.actors.app.demo;

import io.headwater.actors.Service;
import io.headwater.actors.Telemetry;
import io.headwater.cli.CommandFailedException;
import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.HeadwaterConfig;
import io.headwater.dataset.Flight;
import io.headwater.dataset.FlightStream;
import io.headwater.dataset.Flights;
import io.headwater.kafka.EmbeddedBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/**
 * The flights scenario from its broker to its summary. Everything below the work folder survives a crash: a later run
 * in the same folder goes on where this one was.
 */
public final class FlightsDemo {
    private static final String MODEL = "flights";
    private static final int SOURCE_DAYS = 3;
    private static final Duration PROGRESS = Duration.ofMillis(250);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    /** The progress line speaks of the newest events that have score and label. */
    private static final int RECENT = 1000;

    private final Path work;
    private final double speed;
    private final PrintStream notes;

    /**
     * @param work broker data, versions and lineage are kept here
     * @param speed seconds of the stream in a second
     * @param notes where progress goes
     */
    public FlightsDemo(Path work, double speed, PrintStream notes) {
        this.work = work;
        this.speed = speed;
        this.notes = notes;
    }

    /**
     * Runs until the time is over or {@code stop} says so, lets the pipeline finish what it has, and sums up.
     *
     * @throws IOException if the recording or the work folder cannot be used
     */
    public DemoSummary run(Duration duration, StopSignal stop) throws IOException {
        List<Flight> flights = Flights.read(Flights.file());
        FlightStream fresh = new FlightStream(flights, SOURCE_DAYS);
        Path source = work.resolve("source.jsonl");
        Files.createDirectories(work);
        Files.write(source, lines(fresh.sourceExamples()));
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                Service service = Service.start(config(broker.bootstrapServers(), source), Clock.systemUTC())) {
            service.ready().get();
            notes.println("broker " + broker.bootstrapServers() + ", http " + service.address()
                    + (service.progress(MODEL).version() > 1 ? ", going on in " + work : ""));
            service.describe().forEach(notes::println);
            return replay(Map.of("bootstrap.servers", broker.bootstrapServers()), flights, service, duration, stop);
        } catch (ExecutionException e) {
            throw CommandFailedException.because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("the demo was interrupted", e);
        }
    }

    private DemoSummary replay(
            Map<String, String> client, List<Flight> flights, Service service, Duration duration, StopSignal stop)
            throws IOException, InterruptedException {
        Ledger ledger = new Ledger(new FlightStream(flights, SOURCE_DAYS).sourceRate());
        Replay.Topics topics = new Replay.Topics(MODEL + ".events", MODEL + ".labels");
        FlightStream stream = PriorRuns.recover(client, topics, flights, SOURCE_DAYS, ledger);
        try (FrozenModel frozen =
                        FrozenModel.load(work.resolve(HeadwaterConfig.MODELS), MODEL, service.featurizer(MODEL, 1));
                Audit audit = new Audit(
                        Audit.consumer(client),
                        MODEL + ".scores",
                        ScoreCodec.Format.JSON.codec(),
                        stream::slotOf,
                        ledger);
                Replay replay = new Replay(
                        stream,
                        Replay.producer(client),
                        topics,
                        speed,
                        ledger,
                        new Baselines(codec(), frozen::logit, ledger))) {
            audit.start();
            replay.start();
            watch(service, ledger, audit, replay, duration, stop);
            replay.stop();
            boolean complete = awaitScored(ledger);
            // Bounded, since training may have ended.
            service.awaitLearned(MODEL, ledger.counts().labeled(), DRAIN);
            audit.stop();
            failOn(replay.failure(), "the replay");
            failOn(audit.failure(), "the audit");
            if (!complete) {
                notes.println("not every event had its score " + DRAIN.toSeconds() + " s after the last was sent");
            }
            return summary(service, ledger, audit, replay, TopicCount.committed(client, MODEL + ".dead-letters"));
        }
    }

    /** Waits for the last scores for as long as there is any progress. */
    private static boolean awaitScored(Ledger ledger) throws InterruptedException {
        long before;
        do {
            before = ledger.counts().scored();
            if (ledger.awaitScored(DRAIN)) {
                return true;
            }
        } while (ledger.counts().scored() > before);
        return false;
    }

    private void watch(Service service, Ledger ledger, Audit audit, Replay replay, Duration duration, StopSignal stop)
            throws InterruptedException {
        ProgressLine line = new ProgressLine(notes, Boolean.getBoolean("headwater.terminal"));
        long endNs = System.nanoTime() + duration.toNanos();
        boolean stopping = false;
        while (!stopping && System.nanoTime() < endNs && replay.failure() == null) {
            stopping = stop.await(PROGRESS);
            Ledger.Counts counts = ledger.counts();
            Standing recent = ledger.standing(RECENT);
            line.show(
                    new ProgressLine.Progress(
                            counts.scored(),
                            service.progress(MODEL).learned(),
                            audit.version(),
                            recent.adaptive().rocAuc(),
                            recent.frozen().rocAuc(),
                            counts.lost()),
                    System.nanoTime());
        }
        line.end();
    }

    private static DemoSummary summary(Service service, Ledger ledger, Audit audit, Replay replay, long deadLetters) {
        Ledger.Counts counts = ledger.counts();
        Telemetry.Progress progress = service.progress(MODEL);
        Histogram served = service.labelToServedMs(MODEL);
        return new DemoSummary(
                counts.scored(),
                progress.learned(),
                progress.promoted(),
                deadLetters,
                counts.lost(),
                counts.duplicated(),
                counts.scoredAfterLabel(),
                audit.versionsBack(),
                replay.passes(),
                ledger.standing(),
                new Ledger.Quantiles(quantile(served, 50), quantile(served, 99)),
                ledger.scoreLatencyMs(),
                service.address().toString());
    }

    private static double quantile(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile);
    }

    private static void failOn(@org.jspecify.annotations.Nullable Throwable failure, String what) {
        if (failure != null) {
            throw new CommandFailedException(what + " ended: " + failure, failure);
        }
    }

    private HeadwaterConfig config(String bootstrapServers, Path source) {
        return HeadwaterConfig.parse(Hocon.of(Map.of(
                "headwater.data-dir",
                work.resolve(HeadwaterConfig.MODELS).toString(),
                "headwater.kafka.bootstrap-servers",
                bootstrapServers,
                "headwater.http.port",
                0,
                "headwater.models." + MODEL + ".features.numeric",
                Flights.LAYOUT.numeric(),
                "headwater.models." + MODEL + ".features.categorical",
                Flights.LAYOUT.categorical(),
                "headwater.models." + MODEL + ".source.file",
                source.toString())));
    }

    /** Reads records as the service does: the fields have their default names. */
    private static EventCodec codec() {
        return new JsonEventCodec(Flights.LAYOUT, new RecordFields("id", "time", "label", "label_time"));
    }

    private static byte[] lines(List<byte[]> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] record : records) {
            out.writeBytes(record);
            out.write('\n');
        }
        return out.toByteArray();
    }
}
