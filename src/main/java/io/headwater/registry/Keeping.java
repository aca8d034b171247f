package io.headwater.registry;

import io.headwater.registry.AuditRecord.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Knows which versions something holds, and which ones go. */
final class Keeping {
    private final VersionFiles files;
    private final Retention retention;
    /** What is asked of each version again and again; manifests do not change. */
    private final Map<Long, Facts> facts = new ConcurrentHashMap<>();
    /** Versions that an operator chose once. */
    private final Set<Long> chosen = ConcurrentHashMap.newKeySet();

    private volatile long neededFrom = 1;

    private record Facts(long createdMs, long parentSequence) {}

    Keeping(VersionFiles files, Retention retention) {
        this.files = files;
        this.retention = retention;
    }

    void needFrom(long version) {
        neededFrom = version;
    }

    /** Versions that an operator chose before. */
    void chosen(Set<Long> versions) {
        chosen.addAll(versions);
    }

    /** An operator's choice is named by the lineage, and a rebuild continues from its learner. */
    void recorded(AuditRecord record) {
        if (record.isOperatorsChoice()) {
            chosen.add(record.version());
        }
    }

    /** The versions that go, as the audit trail has it. */
    List<AuditRecord> goes(long served, Set<Long> pinned, long nowMs) {
        List<AuditRecord> goes = new ArrayList<>();
        List<Long> all = files.numbers();
        // The newest stays in any case.
        for (int i = 0; i < all.size() - 1; i++) {
            long old = all.get(i);
            boolean held = old == 1 || old == served || old >= neededFrom || chosen.contains(old);
            if (!held && !pinned.contains(old)) {
                String why =
                        retention.verdict(all.size() - 1 - i, nowMs - facts(old).createdMs());
                if (!why.isEmpty()) {
                    goes.add(new AuditRecord(nowMs, AuditRecord.RETENTION, Action.DELETE, old, served, why));
                }
            }
        }
        return goes;
    }

    void gone(long version) {
        facts.remove(version);
    }

    List<Long> parentSequences() {
        return files.numbers().stream()
                .map(number -> facts(number).parentSequence())
                .distinct()
                .sorted()
                .toList();
    }

    private Facts facts(long version) {
        return facts.computeIfAbsent(version, number -> {
            Manifest manifest = files.manifest(number);
            return new Facts(manifest.createdMs(), manifest.parentSequence());
        });
    }
}
