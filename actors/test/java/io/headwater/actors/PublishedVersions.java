package io.headwater.actors;

import io.headwater.line.LogisticLearner;
import io.headwater.line.VersionSource;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import io.headwater.registry.Waiting;
import io.headwater.simulation.SimDisk;
import io.headwater.simulation.SimProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a bystander sees of the versions on a simulated disk, and the promises about them. */
final class PublishedVersions implements VersionSource {
    /** Says what is wrong with a version that is listed; null if nothing is. */
    interface Judge {
        @Nullable
        String wrong(long version, long sequence, String weightsSha256);
    }

    private record Kept(byte[] onnx, byte[] learner) {}

    private final SimDisk disk;
    private final Path home;
    private final VersionStore store;
    private final Promised promised = new Promised();
    private final ErasedRows erasures;
    private final WaitingVersions waiting;
    private final Map<Long, Kept> seen = new HashMap<>();
    private final Set<Long> shown = new TreeSet<>();
    private final Set<Long> pinned = new TreeSet<>();
    private LongPredicate isPromoted = version -> false;
    private List<AuditRecord> audit = List.of();
    private List<AuditRecord> trail = List.of();
    private long changes = -1;
    private long relied = -1;
    private long served = 1;
    private long waits;
    private long checkpoint;

    PublishedVersions(SimDisk disk, SimLife life) {
        this.disk = disk;
        Path root = disk.root(new SimProcess(0));
        this.home = root.resolve(SimModel.NAME);
        this.store = VersionStore.forReading(root, SimModel.NAME);
        this.erasures = new ErasedRows(promised, life.learner(), home);
        this.waiting = new WaitingVersions(promised, life.approval());
        LogisticLearner source = SimModel.learner();
        seen.put(1L, new Kept(source.export(), source.checkpoint()));
    }

    /** @param version says whether the lineage has promoted a version */
    void reliedOn(LongPredicate version) {
        isPromoted = version;
    }

    ErasedRows erasures() {
        return erasures;
    }

    WaitingVersions approvals() {
        return waiting;
    }

    /** The trainer's audit trail, as it was looked at last. */
    List<AuditRecord> audit() {
        return trail;
    }

    /** The version that waits for approval; 0 if none does. */
    long waits() {
        return waits;
    }

    /** Where promises that turn out to be broken are noted. */
    Promised promised() {
        return promised;
    }

    void look(Judge judge) {
        if (changes == disk.changes() || !Files.isDirectory(home)) {
            return;
        }
        changes = disk.changes();
        try {
            trail = store.audit(Integer.MAX_VALUE);
            List<Long> listed = store.numbers();
            for (long version : listed) {
                if (!shown.contains(version) && version > 1) {
                    appeared(version, judge);
                }
            }
            shown.stream().filter(version -> !listed.contains(version)).forEach(this::vanished);
            shown.retainAll(listed);
            lookWhoServes();
            erasures.look(store, trail);
            waiting.look(store, trail);
            waits = store.waiting().map(Waiting::version).orElse(0L);
            checkpoint = newest(home.resolve("checkpoints"));
        } catch (RuntimeException e) {
            promised.that(false, "the registry cannot be read: " + e);
        }
    }

    /** A process stands between two of its messages, so that what is noted on disk is relied on. */
    void relyOn() {
        if (relied != changes) {
            relied = changes;
            erasures.relyOn(store);
            waiting.relyOn(store);
        }
    }

    /** What was asked for and is not done. */
    Optional<String> missing() {
        return erasures.missing(store).or(() -> waiting.missing(store));
    }

    private void appeared(long version, Judge judge) {
        Manifest manifest = store.manifest(version);
        shown.add(version);
        seen.put(version, new Kept(store.onnx(version), store.learner(version)));
        promised.nothing(judge.wrong(version, manifest.sequence(), manifest.weightsSha256()));
    }

    /** A version that power took before anybody relied on it never was; any other goes with a word about it. */
    private void vanished(long version) {
        boolean deleted =
                trail.stream().anyMatch(record -> record.version() == version && record.action() == Action.DELETE);
        boolean reliedOn = isPromoted.test(version) || audit.stream().anyMatch(record -> record.version() == version);
        promised.that(deleted || !reliedOn, "version " + version + " is gone, and nobody deleted it");
    }

    private void lookWhoServes() {
        List<AuditRecord> now = trail.stream()
                .filter(record -> record.action() != Action.DELETE && record.action() != Action.ERASE)
                .toList();
        for (AuditRecord record : now.subList(Math.min(audit.size(), now.size()), now.size())) {
            if (record.action() == Action.PIN) {
                pinned.add(record.version());
            } else if (record.action() == Action.UNPIN) {
                pinned.remove(record.version());
            } else if (record.who().equals(AuditRecord.GATE) && record.version() > 1) {
                promised.that(
                        !pinned.contains(record.from()) || record.version() == record.from(),
                        "the gate promoted version " + record.version() + " over version " + record.from()
                                + ", which is pinned");
                long parent = store.manifest(record.version()).parent();
                promised.that(
                        parent == record.from() || record.version() == record.from(),
                        "the gate promoted version " + record.version() + ", which was measured against version "
                                + parent + ", while version " + record.from() + " served");
            }
        }
        promised.that(now.size() >= audit.size(), "the audit trail got shorter");
        audit = now;
        long serves = store.served().orElse(1);
        promised.that(
                serves >= served || isOperatorsChoice(serves),
                "version " + serves + " serves after version " + served + ", and no operator chose it");
        promised.that(
                store.numbers().contains(serves) || serves == 1, "version " + serves + " serves and is not there");
        served = serves;
    }

    private static long newest(Path checkpoints) {
        if (!Files.isDirectory(checkpoints)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{20}\\.checkpoint"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isListed(long version) {
        return version == 1 || shown.contains(version);
    }

    /** The version that serves, by the registry. */
    long served() {
        return served;
    }

    /** The step of the newest checkpoint; 0 without one. */
    long newestCheckpoint() {
        return checkpoint;
    }

    boolean isOperatorsChoice(long version) {
        return audit.stream()
                .anyMatch(record -> record.version() == version
                        && isOperators(record)
                        && (record.action() == Action.PROMOTE || record.action() == Action.ROLL_BACK));
    }

    /** How often an operator chose the version that serves, or pinned one: a pin may come while the gate promotes. */
    long operatorsChoices() {
        return audit.stream()
                .filter(record -> isOperators(record) && record.action() != Action.UNPIN)
                .count();
    }

    private static boolean isOperators(AuditRecord record) {
        return !record.who().equals(AuditRecord.GATE)
                && record.action() != Action.APPROVE
                && record.action() != Action.REJECT;
    }

    @Override
    public byte[] onnx(long version) {
        return get(version).onnx();
    }

    /** As it is now: of rows that were erased since it was written, it has none. */
    @Override
    public byte[] learner(long version) {
        byte[] now = erasures.learner(version);
        return now == null ? get(version).learner() : now;
    }

    private Kept get(long version) {
        Kept kept = seen.get(version);
        if (kept == null) {
            throw new IllegalStateException("version " + version + " was never listed");
        }
        return kept;
    }
}
