package io.headwater.registry;

import io.headwater.fault.KillPoint;
import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.util.List;

/**
 * Choices that are in the audit trail before they hold. What a crash left between the two is finished when the registry
 * opens again; where the second cannot be written the first is taken back. So the trail never tells of a version that
 * served and did not: a recovery would take that for one that an operator went back from.
 */
final class AuditedChoices {
    private final AuditTrail trail;
    private final Choices choices;

    AuditedChoices(AuditTrail trail, Choices choices) {
        this.trail = trail;
        this.choices = choices;
    }

    /** Writes the record, then makes what it says hold. */
    void make(AuditRecord record) throws IOException {
        long before = trail.append(List.of(record));
        KillPoint.CHOICE.pass();
        try {
            hold(record);
        } catch (IOException e) {
            trail.cutTo(before);
            throw e;
        }
    }

    /** Makes hold what the last records say, where a crash came before that. */
    void finishLast() throws IOException {
        AuditDigest said = trail.digest();
        AuditRecord serves = said.serves();
        AuditRecord pins = said.pins();
        AuditRecord decides = said.decides();
        if (serves != null && choices.served().orElse(0) != serves.version()) {
            hold(serves);
        }
        if (pins != null && choices.pinned().contains(pins.version()) != (pins.action() == Action.PIN)) {
            hold(pins);
        }
        Waiting waits = choices.waiting().orElse(null);
        if (decides == null || waits == null || waits.version() != decides.version()) {
            return;
        }
        if (said.decisionIsPast()) {
            // Left over from before the version that was approved served, or another did; to go back to its champion
            // would otherwise have it wait, approved, once more.
            choices.noneWaits();
        } else if (!waits.isApproved()) {
            hold(decides);
        }
    }

    private void hold(AuditRecord record) throws IOException {
        if (record.choosesOne()) {
            choices.serve(record);
        } else if (record.pins()) {
            choices.pin(record.version(), record.action() == Action.PIN);
        } else if (record.action() == Action.APPROVE) {
            choices.waits(choices.waiting().orElseThrow().approved(record.who(), record.why()));
        } else if (record.action() == Action.REJECT) {
            choices.noneWaits();
        } else {
            throw new IllegalArgumentException(record + " chooses nothing");
        }
    }
}
