package io.headwater.actors.app.demo;

import io.headwater.actors.Service;
import io.headwater.actors.Telemetry;
import io.headwater.cli.CommandFailedException;
import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.HeadwaterConfig;
import io.headwater.dataset.RecordedStream;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import io.headwater.kafka.EmbeddedBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A scenario from its broker to its summary. Everything below the work folder survives a crash: a later run
 * in the same folder goes on where this one was.
 */
public final class Demo {
    private static final Duration PROGRESS = Duration.ofMillis(250);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    /** The progress line speaks of the newest events that have score and label. */
    private static final int RECENT = 1000;

    private final Scenario scenario;
    private final Path work;
    private final double speed;
    private final PrintStream notes;

    /**
     * @param work broker data, versions and lineage are kept here
     * @param speed seconds of the stream in a second
     * @param notes where progress goes
     */
    public Demo(Scenario scenario, Path work, double speed, PrintStream notes) {
        this.scenario = scenario;
        this.work = work;
        this.speed = speed;
        this.notes = notes;
    }

    /** Tells when somebody wants the demo to end. */
    public interface Until {
        /** Waits at most so long; true if somebody wants it to end. */
        boolean await(Duration most) throws InterruptedException;

        /** Waits until {@code other} is done, well or not, or does not wait; true if somebody wants the end before that. */
        default boolean comesBefore(CompletableFuture<?> other) throws InterruptedException {
            return false;
        }
    }

    /**
     * Runs until the time is over or {@code until} says so, lets the pipeline finish what it has, and sums up.
     *
     * @throws IOException if the recording or the work folder cannot be used
     */
    public DemoSummary run(Duration duration, Until until) throws IOException {
        Path source = work.resolve("source.jsonl");
        Files.createDirectories(work);
        scenario.claim(work);
        Files.write(source, lines(scenario.stream().sourceExamples()));
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                Service service = Service.start(config(broker.bootstrapServers(), source), Clock.systemUTC())) {
            if (until.comesBefore(service.ready())) {
                throw new CommandFailedException("stopped before the models served; there is nothing to sum up");
            }
            service.ready().get();
            notes.println("broker " + broker.bootstrapServers() + ", http " + service.address()
                    + (service.progress(scenario.model()).version() > 1 ? ", going on in " + work : ""));
            service.describe().forEach(notes::println);
            return upstream(Map.of("bootstrap.servers", broker.bootstrapServers()), service, duration, until);
        } catch (ExecutionException e) {
            throw CommandFailedException.because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("the demo was interrupted", e);
        }
    }

    private DemoSummary upstream(Map<String, String> client, Service service, Duration duration, Until until)
            throws IOException, InterruptedException {
        AutoCloseable upstream = scenario.start(client, work);
        try {
            return replay(client, service, duration, until);
        } finally {
            close(upstream);
        }
    }

    private static void close(AutoCloseable upstream) throws InterruptedException {
        try {
            upstream.close();
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CommandFailedException("what makes the events did not end: " + e, e);
        }
    }

    private DemoSummary replay(Map<String, String> client, Service service, Duration duration, Until until)
            throws IOException, InterruptedException {
        String model = scenario.model();
        Ledger ledger = new Ledger(scenario.stream().sourceRate(), scenario.settled());
        Replay.Topics topics = new Replay.Topics(scenario.eventTopic(), model + ".labels");
        RecordedStream stream = PriorRuns.recover(client, topics, scenario, ledger);
        try (FrozenModel frozen =
                        FrozenModel.load(work.resolve(HeadwaterConfig.MODELS), model, service.featurizer(model, 1));
                Audit audit = new Audit(
                        Audit.consumer(client),
                        model + ".scores",
                        ScoreCodec.Format.JSON.codec(),
                        stream::slotOf,
                        ledger);
                OtherModels others = OtherModels.of(scenario.beside(), client, stream::slotOf, ledger);
                Replay replay = new Replay(
                        stream,
                        Replay.producer(client),
                        topics,
                        speed,
                        ledger,
                        new Baselines(events(stream), frozen::logit, ledger))) {
            audit.start();
            others.start();
            replay.start();
            long before = ledger.counts().scored();
            long beganNs = System.nanoTime();
            watch(service, ledger, audit, replay, duration, until);
            replay.stop();
            tellBacklog(ledger.counts().labeled()
                    - service.progress(scenario.model()).learned());
            boolean complete = awaitScored(ledger) & others.awaitScored(DRAIN);
            double perSecond = (ledger.counts().scored() - before) / ((System.nanoTime() - beganNs) / 1e9);
            // Bounded, since training may have ended.
            service.awaitLearned(scenario.model(), ledger.counts().labeled(), DRAIN);
            others.awaitLearned(service, ledger.counts().labeled(), DRAIN);
            audit.stop();
            others.stop();
            failOn(replay.failure(), "the replay");
            failOn(audit.failure(), "the audit");
            failOn(others.failure(), "an audit");
            if (!complete) {
                notes.println("not every event had its score " + DRAIN.toSeconds() + " s after the last was sent");
            }
            return summary(
                    service,
                    ledger,
                    audit,
                    others,
                    replay,
                    perSecond,
                    TopicCount.committed(client, model + ".dead-letters"));
        }
    }

    /** A trainer that does not keep up is what the figures are of, then. */
    private void tellBacklog(long labels) {
        if (labels > RECENT) {
            notes.println("the stream has ended; training is " + labels + " labels behind, and has at most "
                    + DRAIN.toSeconds() + " s for them");
            notes.flush();
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

    private void watch(Service service, Ledger ledger, Audit audit, Replay replay, Duration duration, Until until)
            throws InterruptedException {
        ProgressLine line = new ProgressLine(notes, Boolean.getBoolean("headwater.terminal"));
        long endNs = System.nanoTime() + duration.toNanos();
        boolean stopping = false;
        while (!stopping && System.nanoTime() < endNs && replay.failure() == null) {
            stopping = until.await(PROGRESS);
            Ledger.Counts counts = ledger.counts();
            Standing recent = ledger.standing(RECENT);
            line.show(
                    new ProgressLine.Progress(
                            counts.scored(),
                            service.progress(scenario.model()).learned(),
                            audit.version(),
                            recent.adaptive().rocAuc(),
                            recent.frozen().rocAuc(),
                            counts.lost(),
                            scenario.standing()),
                    System.nanoTime());
        }
        line.end();
    }

    private DemoSummary summary(
            Service service,
            Ledger ledger,
            Audit audit,
            OtherModels others,
            Replay replay,
            double perSecond,
            long deadLetters) {
        Ledger.Counts counts = ledger.counts();
        Telemetry.Progress progress = service.progress(scenario.model());
        Histogram served = service.labelToServedMs(scenario.model());
        return new DemoSummary(
                counts.scored(),
                perSecond,
                progress.learned(),
                progress.promoted(),
                deadLetters,
                counts.lost() + others.lost(),
                counts.duplicated() + others.duplicated(),
                counts.scoredAfterLabel(),
                audit.versionsBack(),
                replay.passes(),
                ledger.standing(),
                scenario.findings(ledger),
                new Ledger.Quantiles(quantile(served, 50), quantile(served, 99)),
                ledger.scoreLatencyMs(),
                service.address().toString());
    }

    private static double quantile(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile);
    }

    private static void failOn(@Nullable Throwable failure, String what) {
        if (failure != null) {
            throw new CommandFailedException(what + " ended: " + failure, failure);
        }
    }

    private HeadwaterConfig config(String bootstrapServers, Path source) {
        Map<String, Object> settings = new HashMap<>();
        put(settings, scenario.model(), scenario.settings(), source);
        for (Scenario.Beside other : scenario.beside()) {
            put(settings, other.model(), other.settings(), source);
            put(settings, other.model(), "events.topic", scenario.model() + ".events");
            put(settings, other.model(), "labels.topic", scenario.model() + ".labels");
        }
        settings.put("headwater.data-dir", work.resolve(HeadwaterConfig.MODELS).toString());
        settings.put("headwater.kafka.bootstrap-servers", bootstrapServers);
        settings.put("headwater.http.port", 0);
        return HeadwaterConfig.parse(Hocon.of(settings));
    }

    private static void put(Map<String, Object> settings, String model, Map<String, Object> ofModel, Path source) {
        ofModel.forEach((key, value) -> put(settings, model, key, value));
        put(settings, model, "source.file", source.toString());
    }

    private static void put(Map<String, Object> settings, String model, String key, Object value) {
        settings.put("headwater.models." + model + "." + key, value);
    }

    /** Reads records as the service does: the fields have their default names. */
    private Function<StreamItem, Event> events(RecordedStream stream) {
        EventCodec codec = new JsonEventCodec(scenario.layout(), new RecordFields("id", "time", "label", "label_time"));
        return item -> scenario.event(stream, item, codec);
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
