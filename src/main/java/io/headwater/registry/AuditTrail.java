package io.headwater.registry;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.fault.KillPoint;
import io.headwater.registry.AuditRecord.Action;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The file that says who did what to a model's versions, when and why: one JSON object a line, only ever appended to. */
final class AuditTrail {
    private static final JsonMapper JSON = new JsonMapper();

    private final String model;
    private final Path file;

    AuditTrail(String model, Path file) {
        this.model = model;
        this.file = file;
    }

    /** Cuts off a record whose append a crash cut short. */
    void repair() throws IOException {
        DurableFiles.dropTornLine(file);
    }

    /** Appends records and forces them to disk in one go. */
    void append(List<AuditRecord> records) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (AuditRecord record : records) {
            lines.writeBytes(JSON.writeValueAsBytes(record));
            lines.write('\n');
        }
        DurableFiles.append(file, lines.toByteArray(), KillPoint.AUDIT_APPEND);
    }

    long bytes() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Takes back the records behind the first {@code bytes}. */
    void cutTo(long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
            channel.force(true);
        }
    }

    /** The version that served when {@code version} was last promoted; empty where none did. */
    OptionalLong promotedOver(long version) {
        return all().stream()
                .filter(record -> record.version() == version && record.action() == Action.PROMOTE && record.from() > 0)
                .mapToLong(AuditRecord::from)
                .reduce((earlier, later) -> later);
    }

    /** The whole trail, oldest first. A last line that is not whole is being written, or a crash cut it short. */
    List<AuditRecord> all() {
        List<AuditRecord> records = new ArrayList<>();
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            for (String line : whole.lines().toList()) {
                records.add(JSON.readValue(line, AuditRecord.class));
            }
            return records;
        } catch (IOException e) {
            throw new RegistryException("the audit trail of '" + model + "' cannot be read: " + e, e);
        }
    }
}
