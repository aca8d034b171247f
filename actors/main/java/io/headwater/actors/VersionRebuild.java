package io.headwater.actors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.cli.CommandFailedException;
import io.headwater.cli.ProgressBar;
import io.headwater.cli.RebuildReport;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.ModelConfig;
import io.headwater.feature.RowSource;
import io.headwater.kafka.LineageReader;
import io.headwater.kafka.RecordedInputs;
import io.headwater.line.LearningLine;
import io.headwater.line.LineState;
import io.headwater.line.Rebuild;
import io.headwater.line.VersionSource;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.offline.VersionOne;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a version again: a fresh line takes the recorded inputs that made it, with the settings that it was made with,
 * and every input and all weights are compared with the lineage. It writes nothing.
 */
public final class VersionRebuild {
    private final VersionStore store;
    private final Path root;
    private final Map<String, String> kafka;
    private final Optional<ModelConfig> config;
    private final PrintWriter progress;

    private VersionRebuild(
            VersionStore store,
            Path root,
            Map<String, String> kafka,
            Optional<ModelConfig> config,
            PrintWriter progress) {
        this.store = store;
        this.root = root;
        this.kafka = kafka;
        this.config = config;
        this.progress = progress;
    }

    /** Of a service's config file; see {@code ModelsCommand.Rebuilder}. */
    public static ObjectNode ofService(
            Path config, String model, @Nullable Long version, boolean fromStart, PrintWriter progress) {
        HeadwaterConfig settings = HeadwaterConfig.read(config);
        Optional<ModelConfig> block = settings.models().stream()
                .filter(one -> one.name().equals(model))
                .findFirst();
        checkThere(settings.dataDir(), model);
        try (VersionStore store = VersionStore.forReading(settings.dataDir(), model)) {
            return RebuildReport.withErasures(
                    new VersionRebuild(store, settings.dataDir(), settings.kafkaProperties(), block, progress)
                            .rebuild(version, fromStart),
                    store);
        }
    }

    /** Of a store in {@code root}, whose topics the broker at {@code servers} has. */
    public static ObjectNode of(
            VersionStore store,
            Path root,
            String servers,
            @Nullable Long version,
            boolean fromStart,
            PrintWriter progress) {
        return RebuildReport.withErasures(
                new VersionRebuild(store, root, Map.of("bootstrap.servers", servers), Optional.empty(), progress)
                        .rebuild(version, fromStart),
                store);
    }

    /** @throws CommandFailedException if {@code root} holds no such model */
    public static void checkThere(Path root, String model) {
        if (!Files.isDirectory(root.resolve(model))) {
            throw new CommandFailedException("there is no model '" + model + "' in " + root);
        }
    }

    private ObjectNode rebuild(@Nullable Long version, boolean fromStart) {
        List<Long> numbers = store.numbers();
        if (numbers.isEmpty()) {
            throw new CommandFailedException("the model has no version yet");
        }
        long number = version == null ? numbers.get(numbers.size() - 1) : version;
        Manifest manifest = store.manifest(number);
        if (number == LineState.FROZEN_VERSION) {
            throw new CommandFailedException("version 1 is the source model, which the stream did not make");
        }
        VersionOne one = VersionOne.kept(store);
        ModelParts parts = parts(manifest, one);
        Set<Long> stoodIn = new TreeSet<>();
        VersionSource versions = VersionSource.of(store, stoodIn::add);
        try (RowSource rows = parts.rows(one)) {
            PastSettings past = PastSettings.forRebuild(parts, settings(manifest), store, one, rows);
            Optional<CheckpointStore.Restored> begin = fromStart ? Optional.empty() : checkpoint(parts, manifest);
            long beganNs = System.nanoTime();
            try (LearningLine line = line(begin, past, versions, manifest)) {
                long from = line.state().sequence();
                return report(manifest, from, run(line, past, parts, manifest), beganNs, stoodIn);
            } catch (RegistryException e) {
                // What it has to begin with is lost.
                long from = begin.map(CheckpointStore.Restored::sequence).orElse(0L);
                Rebuild.Gone gone = new Rebuild.Gone(0, from + 1, List.of(), String.valueOf(e.getMessage()));
                return report(manifest, from, gone, beganNs, stoodIn);
            }
        }
    }

    private static ObjectNode report(
            Manifest manifest, long from, Rebuild.Result result, long beganNs, Set<Long> stoodIn) {
        Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
        return new RebuildReport(manifest, from)
                .ended(result, took, stoodIn, candidate -> ManifestWriter.figures(candidate.standing()));
    }

    /** The newest checkpoint at or before the version's parent. */
    private Optional<CheckpointStore.Restored> checkpoint(ModelParts parts, Manifest manifest) {
        try {
            return parts.checkpoints(store).atOrBefore(manifest.parentSequence());
        } catch (IOException e) {
            return unusable(manifest, e);
        }
    }

    /** A line as it was at {@code begin}, or at its start. */
    private LearningLine line(
            Optional<CheckpointStore.Restored> begin, PastSettings past, VersionSource versions, Manifest manifest) {
        try {
            if (begin.isPresent()) {
                return restored(past.line(settings(manifest), versions), begin.get());
            }
        } catch (IllegalArgumentException e) {
            unusable(manifest, e);
        }
        return past.line(versions);
    }

    private Optional<CheckpointStore.Restored> unusable(Manifest manifest, Exception why) {
        progress.println("the checkpoint before version " + manifest.version() + " cannot be used, so the rebuild"
                + " begins at the start: " + why.getMessage());
        return Optional.empty();
    }

    private static LearningLine restored(LearningLine line, CheckpointStore.Restored found) {
        try {
            line.restore(found.payload());
            return line;
        } catch (RuntimeException e) {
            line.close();
            throw e;
        }
    }

    private Rebuild.Result run(LearningLine line, PastSettings past, ModelParts parts, Manifest manifest) {
        long from = line.state().sequence();
        ProgressBar bar = ProgressBar.on(progress);
        double steps = Math.max(1, manifest.sequence() - from);
        try (LineageReader lineage = parts.lineageReader(from + 1);
                RecordedInputs inputs = parts.recordedInputs(past)) {
            return Rebuild.run(
                    line,
                    lineage,
                    inputs,
                    manifest.sequence(),
                    record -> bar.show(
                            "rebuild",
                            (record.sequence() - from) / steps,
                            () -> "step " + record.sequence() + " of " + manifest.sequence()));
        } finally {
            bar.end();
        }
    }

    /** The settings that the version was made with; those of the config file for versions of before they were kept. */
    private ModelParts parts(Manifest manifest, VersionOne one) {
        ModelConfig settings = PastSettings.read(store, manifest.model(), settings(manifest), one)
                .or(() -> config)
                .orElseThrow(() -> new CommandFailedException("the settings that version " + manifest.version()
                        + " was made with were not kept: it is of an older release; name them by --config FILE"));
        HeadwaterConfig process = new HeadwaterConfig(root, kafka, "127.0.0.1", 0, List.of(settings));
        return new ModelParts(process, settings, new HeadwaterMetrics(), Clock.systemUTC());
    }

    private static String settings(Manifest manifest) {
        return manifest.provenance().getOrDefault(Manifest.SETTINGS, "");
    }
}
