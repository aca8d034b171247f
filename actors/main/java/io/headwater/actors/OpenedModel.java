package io.headwater.actors;

import io.headwater.config.ModelConfig;
import io.headwater.feature.RowSource;
import io.headwater.learn.Learner;
import io.headwater.line.LineState;
import io.headwater.offline.Foundation;
import io.headwater.offline.MixtureSource;
import io.headwater.offline.VersionOne;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.ServedModel;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that is ready to serve: its store is open, version 1 exists, and the served version is loaded and in its
 * slot. Opening reads and writes disk and may develop the source model, so it belongs on no actor's thread.
 */
record OpenedModel(VersionStore store, VersionOne one, RowSource rows, ModelSlot slot, ManifestWriter manifests)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedModel.class);

    static OpenedModel open(ModelParts parts) {
        parts.ensureTopics();
        VersionStore store = VersionStore.open(parts.dataDir(), parts.name(), parts.retention());
        try {
            // Not before: while another process has the store open, commands are for that one.
            parts.tellAddress();
            if (parts.follows()) {
                Followed.bootstrap(parts, store);
            }
            checkRole(parts, store);
            VersionOne one = one(parts, store);
            if (!parts.follows()) {
                parts.telemetry().device(parts.learning().device(one));
            }
            return open(parts, store, one, parts.rows(one));
        } catch (RuntimeException e) {
            close(parts, store);
            throw e;
        }
    }

    private static void close(ModelParts parts, VersionStore store) {
        try {
            parts.withdrawAddress();
        } finally {
            store.close();
        }
    }

    private static OpenedModel open(ModelParts parts, VersionStore store, VersionOne one, RowSource rows) {
        try {
            check(parts, one, rows);
            ManifestWriter manifests = new ManifestWriter(parts, one, store);
            if (store.numbers().isEmpty()) {
                addSource(parts, store, one, manifests);
            }
            if (store.served().isEmpty()) {
                store.serve(
                        LineState.FROZEN_VERSION,
                        AuditRecord.GATE,
                        Action.PROMOTE,
                        "the source model",
                        parts.clock().millis());
            }
            long served = store.served().getAsLong();
            ModelSlot slot = new ModelSlot();
            slot.swap(ServedModel.load(parts.name(), served, store.onnx(served), rows.layout()));
            return new OpenedModel(store, one, rows, slot, manifests);
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    /** Refuses settings that are not those of the versions that are there. */
    private static void check(ModelParts parts, VersionOne one, RowSource rows) {
        parts.learning().checkAdaptation(one);
        parts.learning().checkRetention(one);
        String where = "in " + parts.dataDir();
        String otherwise = "; take another name or another data-dir for the new ones";
        if (!one.layout().equals(rows.layout())) {
            throw new IllegalStateException("the features of model '" + parts.name()
                    + "' in the config are not those of its versions " + where + otherwise);
        }
        ModelConfig.Learner learner =
                one instanceof MixtureSource ? ModelConfig.Learner.MIXTURE : ModelConfig.Learner.GRADIENT;
        if (parts.config().learner() != ModelConfig.Learner.AUTO
                && parts.config().learner() != learner) {
            throw new IllegalStateException("headwater.models." + parts.name() + ".learner is "
                    + parts.config().learner().word() + ", but the versions of the model " + where + " are made by "
                    + learner.word() + otherwise);
        }
        String cut = parts.config().backbone().cut();
        if (one instanceof Foundation foundation
                && parts.config().backbone().isUsed()
                && !foundation.cut().isEmpty()
                && !foundation.cut().equals(cut)) {
            throw new IllegalStateException("headwater.models." + parts.name() + ".backbone.cut is " + cut
                    + ", but the versions of the model " + where + " are cut at " + foundation.cut() + otherwise);
        }
    }

    /** Versions that were made elsewhere cannot be learned on from, and those made here not be mixed with them. */
    private static void checkRole(ModelParts parts, VersionStore store) {
        long served = store.served().orElse(0);
        if (served > 0 && store.isMirrored(served) != parts.follows()) {
            throw new IllegalStateException("headwater.models." + parts.name() + ".role is "
                    + (parts.follows() ? "serving" : "training") + ", but the versions of the model in "
                    + parts.dataDir() + " were made "
                    + (parts.follows() ? "here" : "by another process that this one followed")
                    + "; take a data-dir of its own for it");
        }
    }

    private static VersionOne one(ModelParts parts, VersionStore store) {
        if (store.numbers().isEmpty()) {
            return found(parts, store);
        }
        return parts.follows() ? VersionOne.kept(store) : VersionOne.keptApart(store);
    }

    private static VersionOne found(ModelParts parts, VersionStore store) {
        long before = System.nanoTime();
        String folder = parts.config().source().model();
        VersionOne one = folder.isBlank()
                ? parts.learning().develop(SourceExamples.of(parts))
                : Foundation.fitted(Path.of(folder));
        LOG.info(
                "{} the source model of {} in {} ms; by examples that were held out: {}",
                folder.isBlank() ? "developed" : "took over",
                parts.name(),
                (System.nanoTime() - before) / 1_000_000,
                one.validation());
        one.keep(store);
        return one.bare();
    }

    private static void addSource(ModelParts parts, VersionStore store, VersionOne one, ManifestWriter manifests) {
        try (Learner learner = parts.learning().learner(one.withRowsOf(store))) {
            store.add(
                    manifests.ofSource(learner.weightsSha256(), parts.clock().millis()),
                    one.onnx(),
                    learner.checkpoint());
        }
    }

    @Override
    public void close() {
        slot.close();
        rows.close();
        store.close();
    }
}
