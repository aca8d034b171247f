package io.headwater.actors;

import io.headwater.config.ModelConfig;
import io.headwater.event.Partition;
import io.headwater.feature.FeatureSchema;
import io.headwater.gate.Contest.Standing;
import io.headwater.line.Candidate;
import io.headwater.line.LineState;
import io.headwater.offline.Foundation;
import io.headwater.offline.VersionOne;
import io.headwater.ort.InferenceSession;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import io.headwater.torch.TorchDevice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes down what is known of a version at the moment it is made. */
final class ManifestWriter {
    private static final String HASHING =
            "1 + murmur3_32(utf16le(value), murmur3_32(utf16le(field), 0)) mod (buckets - 1); 0 = missing";

    private final ModelParts parts;
    private final VersionOne one;
    private final VersionStore store;
    private final String settingsSha256;

    /** @param store the settings that versions are made with are kept there */
    ManifestWriter(ModelParts parts, VersionOne one, VersionStore store) {
        this.parts = parts;
        this.one = one;
        this.store = store;
        this.settingsSha256 = store.keepSettings(parts.config().learning());
    }

    /** The manifest of version 1. */
    Manifest ofSource(String weightsSha256, long nowMs) {
        return new Manifest(
                parts.name(),
                LineState.FROZEN_VERSION,
                0,
                0,
                nowMs,
                Manifest.sha256(one.onnx()),
                weightsSha256,
                0,
                0,
                0,
                Map.of(),
                ModelParts.cut(one),
                features(),
                Map.of(),
                "the source model: " + one.validation(),
                AuditRecord.GATE,
                "",
                provenance());
    }

    /** The manifest of a candidate that the gate passed. */
    Manifest of(long version, Candidate candidate, String verdict, long nowMs) {
        Map<String, Long> positions = new TreeMap<>();
        for (Map.Entry<Partition, Long> entry : candidate.position().next().entrySet()) {
            positions.put(entry.getKey().toString(), entry.getValue());
        }
        return new Manifest(
                parts.name(),
                version,
                candidate.champion(),
                store.manifest(candidate.champion()).sequence(),
                nowMs,
                Manifest.sha256(candidate.onnx()),
                candidate.weightsSha256(),
                candidate.sequence(),
                candidate.examplesLearned(),
                candidate.trafficExamined(),
                positions,
                ModelParts.cut(one),
                features(),
                figures(candidate.standing()),
                verdict,
                AuditRecord.GATE,
                candidate.notes(),
                provenance());
    }

    private Manifest.Features features() {
        if (one instanceof Foundation foundation && foundation.source().isOnBackbone()) {
            ModelConfig.Features features = parts.config().features();
            return new Manifest.Features(
                    features.numeric(),
                    List.of(),
                    0,
                    "",
                    features.text(),
                    one.layout().origin());
        }
        FeatureSchema schema = parts.schema();
        return new Manifest.Features(
                schema.numericColumns(), schema.categoricalColumns(), schema.buckets(), HASHING, "", "");
    }

    /** The figures that a verdict rests on, by name. */
    static Map<String, Double> figures(Standing standing) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("examples", (double) standing.challenger().examples());
        figures.put("challenger_log_loss_nats", standing.challenger().logLossNats());
        figures.put("champion_log_loss_nats", standing.champion().logLossNats());
        figures.put("frozen_log_loss_nats", standing.frozen().logLossNats());
        figures.put("challenger_roc_auc", standing.challenger().rocAuc());
        figures.put("champion_roc_auc", standing.champion().rocAuc());
        figures.put("frozen_roc_auc", standing.frozen().rocAuc());
        figures.values().removeIf(value -> !Double.isFinite(value));
        return figures;
    }

    private Map<String, String> provenance() {
        Map<String, String> provenance = new TreeMap<>(Map.of(
                "seed",
                Long.toString(parts.config().training().seed()),
                "device",
                parts.telemetry().device(),
                "headwater",
                Provenance.HEADWATER,
                "code_sha256",
                Provenance.codeSha256(),
                Manifest.SETTINGS,
                settingsSha256,
                "java",
                System.getProperty("java.vm.name", "") + " " + System.getProperty("java.vm.version", ""),
                "os",
                System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""),
                "onnxruntime",
                InferenceSession.runtimeVersion()));
        if (one instanceof Foundation) {
            provenance.put("torch", TorchDevice.torchVersion());
        }
        return provenance;
    }
}
