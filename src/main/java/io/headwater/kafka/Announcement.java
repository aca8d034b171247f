package io.headwater.kafka;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.FollowedPosition;
import io.headwater.registry.Manifest;
import java.util.Map;

/**
 * The version that serves at the trainer, as the models topic tells it.
 *
 * @param manifest of the version
 * @param choice who let it serve, when and why
 * @param onnx the version's file; its hash is that of the manifest
 * @param at where the topic says so
 * @param source what the source model's files are, by name: SHA-256 (hex)
 */
public record Announcement(
        Manifest manifest, AuditRecord choice, byte[] onnx, FollowedPosition at, Map<String, String> source) {
    public Announcement {
        source = Map.copyOf(source);
    }

    public long version() {
        return manifest.version();
    }
}
