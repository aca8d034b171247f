package io.headwater.kafka;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.Manifest;
import java.io.IOException;
import java.util.Map;

/** The record of the models topic that says which version serves; fields that a later release adds are skipped. */
@JsonIgnoreProperties(ignoreUnknown = true)
record ServedPointer(Manifest manifest, AuditRecord choice, Map<String, String> source) {
    private static final JsonMapper JSON = new JsonMapper();

    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new IllegalStateException("version " + manifest.version() + " cannot be told as JSON", e);
        }
    }

    /** @throws IllegalStateException if the bytes are no pointer, with {@code where} they were found */
    static ServedPointer read(byte[] json, String where) {
        try {
            return JSON.readValue(json, ServedPointer.class);
        } catch (IOException e) {
            throw new IllegalStateException(where + " does not say which version serves: " + Failures.describe(e), e);
        }
    }
}
