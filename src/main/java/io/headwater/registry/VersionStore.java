package io.headwater.registry;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one model in a folder that Triton and DJL Serving read as a model repository:
 *
 * <pre>
 * ROOT/NAME/VERSION/model.onnx     the graph that changes: self-contained, or on a backbone its trainable part
 * ROOT/NAME/VERSION/manifest.json  what is known of it
 * ROOT/NAME/VERSION/learner.bin    the learner as it was, to continue from after a roll back
 * ROOT/NAME/VERSION/erased.json    in which steps rows were erased from that learner, if any were
 * ROOT/NAME/source.bin             the source model that version 1 was made of; it has no row of anybody
 * ROOT/NAME/source-rows.bin        what its learner begins with beside it, rows of the source among it: never announced
 * ROOT/NAME/source-erased.json     in which steps rows were erased from that, if any were
 * ROOT/NAME/source/...             what else it needs: on a backbone the whole graph, and its tokenizer
 * ROOT/NAME/settings/SHA256.json   the settings that versions were made with, by their hash
 * ROOT/NAME/served.json            which version serves
 * ROOT/NAME/pinned.json            which versions are pinned
 * ROOT/NAME/followed.txt           where versions come from another process: how far they are here
 * ROOT/NAME/erasing.json           whose rows are being erased, until that is done
 * ROOT/NAME/waiting.json           which version waits for approval, if one does
 * ROOT/NAME/audit.jsonl            who promoted, approved, pinned, deleted, erased ... what, when and why
 * ROOT/NAME/audit-1.jsonl          ... and before, where that grew to more than one file
 * ROOT/NAME/audit-digest.json      what of that an opening needs, once it is long; made again where it is missing
 * ROOT/NAME/.service-address       where the service that has all this open can be reached, while it has
 * </pre>
 *
 * <p>A version appears whole or not at all. One process at a time may write: opening takes a lock.
 */
public final class VersionStore implements AutoCloseable {
    private final String model;
    private final VersionFiles files;
    private final AuditTrail audit;
    private final Choices choices;
    private final AuditedChoices audited;
    private final KeptSource source;
    private final Erasures erasures;
    private final Keeping keeping;
    private final Approvals approvals;
    private final @Nullable WriterLock lock;

    private VersionStore(String model, Path home, Retention retention, @Nullable WriterLock lock) {
        this.model = model;
        this.files = new VersionFiles(model, home);
        this.audit = new AuditTrail(model, home);
        this.choices = new Choices(home);
        this.audited = new AuditedChoices(audit, choices);
        this.source = new KeptSource(model, home, this::checkWritable);
        this.erasures = new Erasures(model, home, files, source, audit);
        this.keeping = new Keeping(files, retention);
        this.approvals = new Approvals(model, files, audit, audited, choices, keeping);
        this.lock = lock;
    }

    /** Opens the store for writing; {@code keep} versions stay, however old. */
    public static VersionStore open(Path root, String model, int keep) {
        return open(root, model, new Retention(keep, Retention.ALL.keepFor()));
    }

    /**
     * Opens the store for writing.
     *
     * @throws InUseException if another process has it open
     */
    public static VersionStore open(Path root, String model, Retention retention) {
        Path home = root.resolve(model);
        try {
            DurableFiles.folders(home);
            WriterLock lock = WriterLock.take(home);
            if (lock == null) {
                throw new InUseException("model '" + model + "' in " + root
                        + " is in use by another process; stop it, or send the command to its admin address");
            }
            VersionStore store = new VersionStore(model, home, retention, lock);
            try {
                store.audit.open();
                store.files.sweep();
                store.audited.finishLast();
                store.keeping.chosen(store.audit.digest().chosen());
                return store;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new RegistryException("cannot open the registry at " + home + ": " + e, e);
        }
    }

    /** Looks at the versions beside whoever writes them; what would write is refused. */
    public static VersionStore forReading(Path root, String model) {
        return new VersionStore(model, root.resolve(model), Retention.ALL, null);
    }

    private void checkWritable() {
        if (lock == null) {
            throw new IllegalStateException("the registry of '" + model + "' is open for reading");
        }
    }

    // ---- versions

    /** The number that the next version gets. */
    public long nextNumber() {
        List<Long> all = numbers();
        return all.isEmpty() ? 1 : all.get(all.size() - 1) + 1;
    }

    /** Writes a version; it can be listed from the moment it is whole. Its hash is checked against its manifest. */
    public ModelVersion add(Manifest manifest, byte[] onnx, byte[] learner) {
        checkWritable();
        if (!manifest.onnxSha256().equals(DurableFiles.sha256(onnx))) {
            throw new RegistryException(manifest.model() + "/" + manifest.version()
                    + ": the manifest's hash is not that of the model file");
        }
        if (!manifest.model().equals(model)) {
            throw new RegistryException(
                    "the manifest is of model '" + manifest.model() + "', this registry of '" + model + "'");
        }
        if (files.has(manifest.version())) {
            throw new RegistryException("version " + manifest.version() + " of '" + model + "' exists already");
        }
        if (manifest.version() < nextNumber()) {
            throw new RegistryException("version " + manifest.version() + " of '" + model
                    + "' cannot be written, numbers are never used twice; the next is " + nextNumber());
        }
        try {
            files.add(manifest, onnx, learner);
            return new ModelVersion(model, manifest.version());
        } catch (IOException e) {
            throw new RegistryException("cannot write version " + manifest.version() + " of '" + model + "': " + e, e);
        }
    }

    /**
     * Writes a version that another process made, whatever its number; one that is here already is left as it is.
     * Nobody can learn on from it: its learner stays where it was made.
     *
     * @throws RegistryException also if another version has its number here
     */
    public void mirror(Manifest manifest, byte[] onnx) {
        checkWritable();
        if (files.has(manifest.version())
                && !manifest(manifest.version()).onnxSha256().equals(manifest.onnxSha256())) {
            throw new RegistryException("version " + manifest.version() + " of '" + model
                    + "' is another one here, because its trainer began anew; an empty data-dir would take it");
        }
        try {
            if (!files.has(manifest.version())) {
                files.add(manifest, onnx, new byte[0]);
            }
        } catch (IOException e) {
            throw new RegistryException("cannot write version " + manifest.version() + " of '" + model + "': " + e, e);
        }
    }

    /** Remembers how far the trainer's announcements are in the store. */
    public void keepFollowed(FollowedPosition position) {
        checkWritable();
        files.keepFollowed(position);
    }

    /** How far they are; empty where that is not known, or the file is damaged. */
    public Optional<FollowedPosition> followed() {
        return files.followed();
    }

    /** Whether the learner of {@code version} lies here: an operator may have deleted one that nobody could read. */
    public boolean hasLearner(long version) {
        return files.learnerBytes(version) > 0;
    }

    /** Whether {@code version} was made by another process. */
    public boolean isMirrored(long version) {
        return files.learnerBytes(version) == 0;
    }

    /** All whole versions, oldest first. */
    public List<Long> numbers() {
        return files.numbers();
    }

    public Manifest manifest(long version) {
        return files.manifest(version);
    }

    /** The exact bits that the gate let through. */
    public byte[] onnx(long version) {
        byte[] onnx = files.onnx(version);
        if (!DurableFiles.sha256(onnx).equals(manifest(version).onnxSha256())) {
            throw new RegistryException("the model file of version " + version + " of '" + model
                    + "' was changed after it was written: its hash is not that of its manifest");
        }
        return onnx;
    }

    public byte[] learner(long version) {
        return files.learner(version);
    }

    /** The sentence for a version that is not here. */
    public String unknown(long version) {
        return files.unknown(version);
    }

    /** What owners had erased; only to be changed where the registry is open for writing. */
    public Erasures erasures() {
        return erasures;
    }

    // ---- the one that serves

    /**
     * An operator's choice.
     *
     * @throws RegistryException also if {@code version} serves already: there is nothing to go back from
     */
    public void choose(long version, String who, Action action, String why, long nowMs) {
        AuditRecord.checkOperator(who);
        if (served().orElse(0) == version) {
            throw new RegistryException("version " + version + " of '" + model + "' serves already");
        }
        serve(version, who, action, why, nowMs);
    }

    /** Makes {@code version} the one that serves, with a line in the audit trail. */
    public void serve(long version, String who, Action action, String why, long nowMs) {
        checkKnown(version);
        try {
            AuditRecord record = new AuditRecord(nowMs, who, action, version, served().orElse(0), why);
            approvals.sign(version);
            audited.make(record);
            choices.noneWaits();
            keeping.recorded(record);
        } catch (IOException e) {
            throw new RegistryException("cannot record that version " + version + " serves: " + e, e);
        }
    }

    /** The version that serves, empty before the first. */
    public OptionalLong served() {
        return choices.served();
    }

    /** Who chose the version that serves, when and why; empty where that was not kept. */
    public Optional<AuditRecord> choice() {
        return choices.choice();
    }

    /** The version that served when the one that serves now was promoted; empty for the first. */
    public OptionalLong previous() {
        return audit.digest().promotedOver(served().orElse(0));
    }

    /** Whether {@code version} ever served. */
    public boolean hasServed(long version) {
        return audit.digest().hasServed(version) || (!files.has(version) && audit.everServed(version));
    }

    /** What becomes of the version that waits for approval. */
    public Approvals approvals() {
        checkWritable();
        return approvals;
    }

    /** The version that waits for approval, empty if none does. */
    public Optional<Waiting> waiting() {
        return approvals.waiting();
    }

    // ---- pins

    /**
     * Pins a version: it stays on disk, and while it serves the gate promotes nothing over it.
     *
     * @throws RegistryException if there is no such version, or it is pinned already
     */
    public void pin(long version, String who, String why, long nowMs) {
        changePin(version, who, Action.PIN, why, nowMs);
    }

    /** @throws RegistryException if the version is not pinned */
    public void unpin(long version, String who, String why, long nowMs) {
        changePin(version, who, Action.UNPIN, why, nowMs);
    }

    private void changePin(long version, String who, Action action, String why, long nowMs) {
        AuditRecord.checkOperator(who);
        checkKnown(version);
        boolean pin = action == Action.PIN;
        if (pinned().contains(version) == pin) {
            throw new RegistryException(
                    "version " + version + " of '" + model + "' is " + (pin ? "pinned already" : "not pinned"));
        }
        try {
            audited.make(new AuditRecord(nowMs, who, action, version, served().orElse(0), why));
        } catch (IOException e) {
            throw new RegistryException("cannot " + (pin ? "pin" : "unpin") + " version " + version + ": " + e, e);
        }
    }

    /** The versions that are pinned. */
    public Set<Long> pinned() {
        return choices.pinned();
    }

    private void checkKnown(long version) {
        checkWritable();
        if (!files.has(version)) {
            throw new RegistryException(unknown(version));
        }
    }

    // ---- retention

    /**
     * Versions from here on stay on disk however many there are: the lineage that follows the oldest checkpoint names
     * them. Until this is told, all stay.
     */
    public void needFrom(long version) {
        keeping.needFrom(version);
    }

    /**
     * Deletes what is beyond the retention and nothing holds, each with a line in the audit trail.
     *
     * @return what was deleted
     */
    public List<Long> forgetOld(long nowMs) {
        checkWritable();
        Set<Long> held = new HashSet<>(pinned());
        waiting().ifPresent(waits -> held.add(waits.version()));
        List<AuditRecord> goes = keeping.goes(served().orElse(1), held, nowMs);
        try {
            if (!goes.isEmpty()) {
                audit.append(goes);
            }
            for (AuditRecord record : goes) {
                files.remove(record.version());
                keeping.gone(record.version());
            }
        } catch (IOException e) {
            throw new RegistryException("old versions of '" + model + "' cannot be deleted: " + e, e);
        }
        return goes.stream().map(AuditRecord::version).toList();
    }

    /** The steps that the lines of the kept versions' parents stood at: where a rebuild of a version begins. */
    public List<Long> parentSequences() {
        return keeping.parentSequences();
    }

    // ---- the source model, and settings

    /** The source model that everything else grows from; only to be written where the registry is open for writing. */
    public KeptSource source() {
        return source;
    }

    /**
     * Keeps the settings that versions are made with.
     *
     * @return their SHA-256 (hex), as the manifests of those versions name them
     */
    public String keepSettings(String settings) {
        checkWritable();
        byte[] bytes = settings.getBytes(StandardCharsets.UTF_8);
        String sha256 = DurableFiles.sha256(bytes);
        files.keepSettings(sha256, bytes);
        return sha256;
    }

    /** The settings of this hash, if they were kept. */
    public Optional<String> settings(String sha256) {
        return files.settings(sha256).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The newest {@code most} records of the audit trail, oldest first. */
    public List<AuditRecord> audit(int most) {
        return audit.newest(most);
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
