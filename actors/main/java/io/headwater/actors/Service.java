package io.headwater.actors;

import akka.actor.typed.ActorSystem;
import io.headwater.api.HeadwaterServer;
import io.headwater.config.HeadwaterConfig;
import io.headwater.feature.Featurizer;
import io.headwater.metrics.HeadwaterMetrics;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The whole program around its actors: the actor system, the HTTP server and the meters of one process. Closing lets
 * every model finish the batch in hand, checkpoint, and commit its scores.
 */
public final class Service implements AutoCloseable {
    private static final Duration FINISHING = Duration.ofSeconds(45);

    private final ActorSystem<Guardian.Command> system;
    private final HeadwaterServer http;
    private final List<ModelParts> models;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Service(ActorSystem<Guardian.Command> system, HeadwaterServer http, List<ModelParts> models) {
        this.system = system;
        this.http = http;
        this.models = models;
    }

    /** Starts everything and returns at once; {@link #ready} tells when all models serve. */
    public static Service start(HeadwaterConfig config, Clock clock) {
        HeadwaterMetrics metrics = new HeadwaterMetrics(Provenance.HEADWATER);
        List<ModelParts> models = config.models().stream()
                .map(model -> new ModelParts(config, model, metrics, clock))
                .toList();
        ActorSystem<Guardian.Command> system = ActorSystem.create(Guardian.create(models), "headwater");
        try {
            HeadwaterServer http = HeadwaterServer.start(
                    config.httpHost(),
                    config.httpPort(),
                    metrics,
                    new Health(models),
                    new Administration(
                            system, models.stream().map(ModelParts::name).collect(Collectors.toSet())));
            models.forEach(model -> model.reachedAt(http.address()));
            // Not before: a process that cannot have its port must not take a scorer's place in the group.
            system.tell(new Guardian.Open());
            return new Service(system, http, models);
        } catch (RuntimeException e) {
            system.terminate();
            throw e;
        }
    }

    /** Completes when every model serves and its line has recovered; fails with the sentence of the first that cannot. */
    public CompletableFuture<Void> ready() {
        return CompletableFuture.allOf(
                models.stream().map(model -> model.telemetry().ready()).toArray(CompletableFuture[]::new));
    }

    /** Address of the HTTP server. */
    public URI address() {
        return http.address();
    }

    /** One line a model on what serves and where training runs, once it is ready. */
    public List<String> describe() {
        return models.stream()
                .map(model -> "model " + model.name() + ": version "
                        + model.telemetry().progress().version() + " serves, "
                        + (model.follows()
                                ? "following topic "
                                        + model.config().announcing().topic()
                                : "training on " + model.telemetry().device()))
                .toList();
    }

    /** How a model is doing, for whoever shows it. */
    public Telemetry.Progress progress(String model) {
        return parts(model).telemetry().progress();
    }

    /** The way from a model's events to its rows, once it is ready; the caller closes it. */
    public Featurizer featurizer(String model, int capacity) {
        return parts(model).servedRows().featurizer(capacity);
    }

    /** From a label's append until a version that learned it serves, milliseconds. */
    public Histogram labelToServedMs(String model) {
        return parts(model).telemetry().labelToServedMs();
    }

    /** Waits until a model has learned so many examples since its source model; false if it did not in time. */
    public boolean awaitLearned(String model, long examples, Duration most) throws InterruptedException {
        return parts(model).telemetry().awaitLearned(examples, most);
    }

    private ModelParts parts(String model) {
        return models.stream()
                .filter(parts -> parts.name().equals(model))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no model '" + model + "'"));
    }

    /** Finishes what is in hand; a second call does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        // The server takes two quiet seconds to close; the models finish meanwhile.
        CompletableFuture<Void> silent = CompletableFuture.runAsync(http::close);
        system.tell(new Guardian.Finish());
        try {
            system.getWhenTerminated().toCompletableFuture().get(FINISHING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not all parts stopped within " + FINISHING.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            silent.join();
        }
    }
}
