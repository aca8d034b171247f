package io.headwater.registry;

import io.headwater.registry.AuditFiles.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who did what to a model's versions, when and why: one JSON object a line in its files, which are only ever appended to. */
final class AuditTrail {
    private static final long FULL_BYTES = 64L << 20;
    /** The copy of the digest lags by no more: some 3 MB to read at an opening. */
    private static final int MOST_NEWS = 20_000;

    private final String model;
    private final AuditFiles files;
    private final AuditDigest digest;
    private final int mostNews;
    private int appended;

    AuditTrail(String model, Path home) {
        this(model, home, FULL_BYTES, MOST_NEWS);
    }

    AuditTrail(String model, Path home, long fullBytes, int mostNews) {
        this.model = model;
        this.files = new AuditFiles(home, fullBytes);
        this.digest = new AuditDigest(files, home.resolve("audit-digest.json"));
        this.mostNews = mostNews;
    }

    /** Cuts off a record whose append a crash cut short, and reads what is new since the digest was kept. */
    void open() throws IOException {
        files.repair();
        digest.refresh();
        digest.keep(mostNews);
    }

    /**
     * Appends records and forces them to disk in one go.
     *
     * @return where to {@link #cutTo cut} to be rid of them again, as long as nothing else is appended
     */
    long append(List<AuditRecord> records) throws IOException {
        // Before, for these may be taken back.
        if (appended >= mostNews) {
            digest.refresh();
            digest.keep(mostNews);
            appended = 0;
        }
        appended += records.size();
        return files.append(records);
    }

    /** Takes back the records of the last append. */
    void cutTo(long bytes) throws IOException {
        files.cutTo(bytes);
    }

    /** What the whole trail says. */
    AuditDigest digest() {
        try {
            digest.refresh();
            return digest;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The newest {@code most} records, oldest first. */
    List<AuditRecord> newest(int most) {
        List<AuditRecord> records = new ArrayList<>();
        try {
            files.read(files.newest(most), (place, record) -> records.add(record));
            return records;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Whether {@code version} ever served; reads all where it was deleted since. */
    boolean everServed(long version) {
        boolean[] served = {false};
        try {
            files.read(Place.START, (place, record) -> served[0] |= record.version() == version && record.choosesOne());
            return served[0];
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private RegistryException unreadable(IOException e) {
        return new RegistryException("the audit trail of '" + model + "' cannot be read: " + e.getMessage(), e);
    }
}
