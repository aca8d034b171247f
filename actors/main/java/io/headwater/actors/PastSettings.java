package io.headwater.actors;

import io.headwater.codec.EventCodec;
import io.headwater.config.ConfigException;
import io.headwater.config.KeptSettings;
import io.headwater.config.ModelConfig;
import io.headwater.config.SettingsChanges;
import io.headwater.feature.RowSource;
import io.headwater.line.LearningLine;
import io.headwater.line.LineState;
import io.headwater.line.SettingsSource;
import io.headwater.line.VersionSource;
import io.headwater.offline.Foundation;
import io.headwater.offline.VersionOne;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that the steps of a model's line were taken with: those of now, and by their hash those that its registry
 * keeps. One thread owns it.
 */
final class PastSettings implements SettingsSource {
    private static final Logger LOG = LoggerFactory.getLogger(PastSettings.class);

    private final ModelParts now;
    private final String nowSha256;
    private final VersionStore store;
    private final VersionOne one;
    private final RowSource rows;
    private final boolean goesOn;
    /** Steps ask for the same ones time and again. */
    private @Nullable Then last;

    private record Then(String sha256, ModelParts parts) {}

    private PastSettings(
            ModelParts now, String nowSha256, VersionStore store, VersionOne one, RowSource rows, boolean goesOn) {
        this.now = now;
        this.nowSha256 = nowSha256;
        this.store = store;
        this.one = one;
        this.rows = rows;
        this.goesOn = goesOn;
    }

    /** Where the settings of then are lost, those of now stand in: a service has to go on. */
    static PastSettings forTraining(ModelParts now, VersionStore store, VersionOne one, RowSource rows) {
        return new PastSettings(now, now.settingsSha256(), store, one, rows, true);
    }

    /**
     * Where the settings of then are lost, there is no rebuild.
     *
     * @param now what {@code nowSha256} made
     */
    static PastSettings forRebuild(
            ModelParts now, String nowSha256, VersionStore store, VersionOne one, RowSource rows) {
        return new PastSettings(now, nowSha256, store, one, rows, false);
    }

    /** A line at its start; its first step is taken with the settings of the source model, or changes them. */
    LearningLine line(VersionSource versions) {
        return line(
                store.manifest(LineState.FROZEN_VERSION).provenance().getOrDefault(Manifest.SETTINGS, ""), versions);
    }

    /** A line that has a learner by {@code settings} until it is restored. */
    LearningLine line(String settings, VersionSource versions) {
        return new LearningLine(this, settings, ModelParts.lineRows(rows), versions);
    }

    @Override
    public Made make(String settingsSha256) {
        ModelParts then = parts(settingsSha256);
        return new Made(then.learning().learner(one.withRowsOf(store)), then.lineSettings(rows.layout()));
    }

    /** The keys that are others now, with both values. */
    @Override
    public String changesSince(String before, String nowSha256) {
        try {
            return read(store, now.name(), before, one)
                    .map(then -> SettingsChanges.between(then, now.config()))
                    .orElse("those of before were not kept");
        } catch (RegistryException | ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** How records were read under settings. */
    EventCodec codec(String settingsSha256) {
        return parts(settingsSha256).codec();
    }

    private ModelParts parts(String sha256) {
        Then known = last;
        if (known == null || !known.sha256().equals(sha256)) {
            known = new Then(sha256, found(sha256));
            last = known;
        }
        return known.parts();
    }

    private ModelParts found(String sha256) {
        // Versions of releases that kept no settings say nothing of them.
        if (sha256.equals(nowSha256) || sha256.isEmpty()) {
            return now;
        }
        try {
            return now.under(read(store, now.name(), sha256, one)
                    .orElseThrow(() -> new RegistryException("steps of model " + now.name()
                            + " were taken with the settings " + sha256 + ", which its registry does not keep")));
        } catch (RegistryException | ConfigException e) {
            if (!goesOn) {
                throw new RegistryException(e.getMessage() + "; " + rebuildable(), e);
            }
            LOG.warn(
                    "{}; those of now stand in for them, and versions whose steps were taken with them cannot be"
                            + " rebuilt",
                    e.getMessage());
            return now;
        }
    }

    /** The settings of a model's registry by their hash. */
    static Optional<ModelConfig> read(VersionStore store, String model, String sha256, VersionOne one) {
        boolean ofNet =
                one instanceof Foundation foundation && !foundation.source().isOnBackbone();
        return store.settings(sha256).map(kept -> KeptSettings.read(model, kept, ofNet));
    }

    /** The first version that has all it needs, as far as checkpoints tell. */
    private String rebuildable() {
        CheckpointStore checkpoints = now.checkpoints(store);
        return store.numbers().stream()
                .map(store::manifest)
                .filter(manifest -> manifest.version() > LineState.FROZEN_VERSION
                        && isKept(manifest.provenance().getOrDefault(Manifest.SETTINGS, ""))
                        && begins(checkpoints, manifest))
                .findFirst()
                .map(first ->
                        "versions from " + first.version() + " on can be rebuilt, beginning at a checkpoint after them")
                .orElse("no version that is there can be rebuilt without them");
    }

    /** Whether there is a checkpoint before the version's parent whose settings can be had. */
    private boolean begins(CheckpointStore checkpoints, Manifest manifest) {
        try {
            return checkpoints
                    .atOrBefore(manifest.parentSequence())
                    .filter(found ->
                            isKept(LearningLine.stateIn(found.payload()).settings()))
                    .isPresent();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isKept(String sha256) {
        return !sha256.isEmpty() && store.settings(sha256).isPresent();
    }
}
