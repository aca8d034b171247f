package io.headwater.actors;

import io.headwater.codec.Decoded;
import io.headwater.event.LabeledExample;
import io.headwater.learn.Learner;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.line.LineState;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.ServedModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that is ready to serve: its store is open, version 1 exists, and the served version is loaded and in its
 * slot. Opening reads and writes disk and may develop the source model, so it belongs on no actor's thread.
 */
record OpenedModel(VersionStore store, SourceModel source, ModelSlot slot, ManifestWriter manifests)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedModel.class);

    static OpenedModel open(ModelParts parts) {
        parts.telemetry().device(parts.device().toString());
        parts.ensureTopics();
        VersionStore store =
                VersionStore.open(parts.dataDir(), parts.name(), parts.config().keepVersions());
        try {
            SourceModel source = store.numbers().isEmpty() ? develop(parts, store) : SourceModel.read(store.source());
            if (!source.layout().equals(parts.layout())) {
                throw new IllegalStateException("the features of model '" + parts.name()
                        + "' in the config are not those of its versions in " + parts.dataDir()
                        + "; take another name or another data-dir for the new ones");
            }
            ManifestWriter manifests = new ManifestWriter(parts, source);
            if (store.numbers().isEmpty()) {
                addSource(parts, store, source, manifests);
            }
            if (store.served().isEmpty()) {
                store.serve(
                        LineState.FROZEN_VERSION,
                        RegistryActor.GATE,
                        Action.PROMOTE,
                        "the source model",
                        parts.clock().millis());
            }
            long served = store.served().getAsLong();
            ModelSlot slot = new ModelSlot();
            slot.swap(ServedModel.load(parts.name(), served, store.onnx(served), parts.layout()));
            return new OpenedModel(store, source, slot, manifests);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static SourceModel develop(ModelParts parts, VersionStore store) {
        List<LabeledExample> examples = examples(parts);
        long before = System.nanoTime();
        SourceModel source = parts.develop(examples);
        LOG.info(
                "developed the source model of {} on {} labelled examples in {} ms: {}",
                parts.name(),
                examples.size(),
                (System.nanoTime() - before) / 1_000_000,
                source.validation());
        store.keepSource(source.write());
        return source;
    }

    private static void addSource(ModelParts parts, VersionStore store, SourceModel source, ManifestWriter manifests) {
        try (Learner learner = parts.learner(source)) {
            store.add(
                    manifests.ofSource(learner.weightsSha256(), parts.clock().millis()),
                    source.onnx(),
                    learner.checkpoint());
        }
    }

    private static List<LabeledExample> examples(ModelParts parts) {
        String file = parts.config().source().file();
        String key = "headwater.models." + parts.name() + ".source.file";
        if (file.isBlank()) {
            throw new IllegalStateException(key
                    + " is empty and the registry holds no version of the model: name a file of labelled examples,"
                    + " one JSON object a line as in the labels topic");
        }
        List<LabeledExample> examples = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Decoded<LabeledExample> decoded = parts.codec().labeled(line.getBytes(StandardCharsets.UTF_8));
                if (decoded instanceof Decoded.Refused<LabeledExample> refused) {
                    throw new IllegalStateException(key + ": " + file + " line " + number + ": " + refused.reason());
                }
                examples.add(((Decoded.Ok<LabeledExample>) decoded).value());
            }
        } catch (IOException e) {
            throw new IllegalStateException(key + ": " + file + " cannot be read: " + e, e);
        }
        return examples;
    }

    @Override
    public void close() {
        slot.close();
        store.close();
    }
}
