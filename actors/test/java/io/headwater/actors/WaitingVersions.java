package io.headwater.actors;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.VersionStore;
import io.headwater.registry.Waiting;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What approvals promise, checked from outside: the gate's promotions are approved ones, signed by who approved them, and
 * a version that waits does so until it is answered or overtaken.
 */
final class WaitingVersions {
    private final Promised promised;
    private final boolean required;
    private final Map<Long, String> approved = new HashMap<>();
    private final Set<Long> pinned = new HashSet<>();
    private int audited;
    private int sinceKnown;
    private @Nullable Waiting known;

    WaitingVersions(Promised promised, boolean required) {
        this.promised = promised;
        this.required = required;
    }

    /** A process stands between two of its messages: what waits is relied on. */
    void relyOn(VersionStore store) {
        known = store.waiting().orElse(null);
        sinceKnown = audited;
    }

    void look(VersionStore store, List<AuditRecord> audit) {
        for (AuditRecord record : audit.subList(Math.min(audited, audit.size()), audit.size())) {
            read(record, store);
        }
        audited = audit.size();
        Waiting before = known;
        if (before != null) {
            stillWaits(before, store.waiting(), audit.subList(Math.min(sinceKnown, audited), audited));
        }
    }

    private void read(AuditRecord record, VersionStore store) {
        long version = record.version();
        if (record.action() == Action.APPROVE) {
            approved.put(version, record.who());
        } else if (record.action() == Action.PIN) {
            pinned.add(version);
        } else if (record.action() == Action.UNPIN) {
            pinned.remove(version);
        } else if (record.action() == Action.DELETE) {
            promised.that(!pinned.contains(version), "version " + version + " is pinned and was deleted");
        } else if (record.action() == Action.PROMOTE && record.who().equals(AuditRecord.GATE) && version > 1) {
            String who = approved.get(version);
            promised.that(!required || who != null, "version " + version + " serves, and nobody approved it");
            String signed = store.manifest(version).approver();
            promised.that(
                    !required || signed != null && signed.equals(who),
                    "version " + version + " was approved by " + who + ", its manifest says " + signed);
        }
    }

    private void stillWaits(Waiting before, Optional<Waiting> now, List<AuditRecord> since) {
        long version = before.version();
        if (now.isPresent() && now.get().version() == version) {
            promised.that(
                    now.get().isApproved() || !before.isApproved(),
                    "version " + version + " was approved, and that is forgotten");
            return;
        }
        // An approved one does not come to serve where what serves was pinned meanwhile.
        boolean overtaken = before.isApproved() && pinned.contains(before.champion());
        if (overtaken || since.stream().anyMatch(record -> answers(record, before))) {
            return;
        }
        boolean replaced = now.filter(next -> next.version() > version).isPresent();
        promised.that(replaced, "version " + version + " waited for approval, and is forgotten");
        promised.that(!before.isApproved(), "version " + version + " was approved, and another one took its place");
        promised.that(!pinned.contains(version), "version " + version + " is pinned, and another one took its place");
    }

    /** Whether after this word the version waits no longer. */
    private static boolean answers(AuditRecord record, Waiting waits) {
        return switch (record.action()) {
            case REJECT -> record.version() == waits.version();
            case DELETE -> record.version() == waits.version() && !waits.isApproved();
            case PROMOTE, ROLL_BACK -> true;
            default -> false;
        };
    }

    /** How many versions an operator approved. */
    int count() {
        return approved.size();
    }

    /** What was approved and does not serve. */
    Optional<String> missing(VersionStore store) {
        return store.waiting()
                .filter(Waiting::isApproved)
                .map(waits -> "version " + waits.version() + " is approved and does not serve");
    }
}
