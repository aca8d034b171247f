package io.headwater.registry;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The version of a model that waits for an operator's word, at most one.
 *
 * <pre>
 *   proposed --approve--> approved --the lineage has it--> serves
 *            --reject---> kept, until retention takes it
 *            --a newer one is proposed--> deleted
 *            --another version comes to serve--> kept
 * </pre>
 */
public final class Approvals {
    private final String model;
    private final VersionFiles files;
    private final AuditTrail trail;
    private final AuditedChoices audited;
    private final Choices choices;
    private final Keeping keeping;

    Approvals(
            String model,
            VersionFiles files,
            AuditTrail trail,
            AuditedChoices audited,
            Choices choices,
            Keeping keeping) {
        this.model = model;
        this.files = files;
        this.trail = trail;
        this.audited = audited;
        this.choices = choices;
        this.keeping = keeping;
    }

    /** The one that waits, approved or not; what was judged against a version that serves no longer waits no longer. */
    public Optional<Waiting> waiting() {
        return choices.waiting()
                .filter(waits -> choices.served().orElse(0) == waits.champion() && files.has(waits.version()));
    }

    /** A version that is stored waits from here on, in the place of any other, which is deleted. */
    public void propose(long version, long champion, long nowMs) {
        Optional<Waiting> before = waiting();
        try {
            long askedMs = before.map(Waiting::askedMs).orElse(nowMs);
            choices.waits(new Waiting(version, champion, nowMs, askedMs, "", ""));
            if (before.isPresent()) {
                replaced(before.get().version(), champion, version, nowMs);
            }
        } catch (IOException e) {
            throw new RegistryException("cannot record that version " + version + " waits: " + e, e);
        }
    }

    private void replaced(long old, long champion, long version, long nowMs) throws IOException {
        String why = "version " + version + " took its place before anybody approved it";
        trail.append(List.of(new AuditRecord(nowMs, AuditRecord.RETENTION, Action.DELETE, old, champion, why)));
        files.remove(old);
        keeping.gone(old);
    }

    /**
     * An operator lets the version that waits serve.
     *
     * @throws RegistryException also if {@code version} does not wait, or is approved already
     */
    public void approve(long version, String who, String why, long nowMs) {
        decide(version, who, Action.APPROVE, why, nowMs);
    }

    /**
     * An operator does not let the version that waits serve. Its number is not given again, so it stays until retention
     * takes it.
     *
     * @throws RegistryException also if {@code version} does not wait, or is approved already
     */
    public void reject(long version, String who, String why, long nowMs) {
        decide(version, who, Action.REJECT, why, nowMs);
    }

    private void decide(long version, String who, Action action, String why, long nowMs) {
        AuditRecord.checkOperator(who);
        Waiting waits = waiting()
                .orElseThrow(() -> new RegistryException(
                        "version " + version + " of '" + model + "' does not wait for approval, and none does"));
        if (waits.version() != version) {
            throw new RegistryException("version " + version + " of '" + model
                    + "' does not wait for approval; the one that waits is version " + waits.version());
        }
        if (waits.isApproved()) {
            throw new RegistryException("version " + version + " of '" + model + "' is approved by "
                    + waits.approvedBy() + " already and serves as soon as training has recorded it");
        }
        long served = waits.champion();
        if (action == Action.APPROVE && choices.pinned().contains(served)) {
            throw new RegistryException("version " + served + " of '" + model + "' serves and is pinned; unpin it, or"
                    + " promote version " + version + " over it");
        }
        try {
            audited.make(new AuditRecord(nowMs, who, action, version, served, why));
        } catch (IOException e) {
            throw new RegistryException("cannot record what is to become of version " + version + ": " + e, e);
        }
    }

    /** Writes who approved a version into its manifest, before it serves. */
    void sign(long version) throws IOException {
        Optional<Waiting> waits = choices.waiting().filter(one -> one.version() == version && one.isApproved());
        if (waits.isPresent()) {
            files.replace(files.manifest(version).approvedBy(waits.get().approvedBy()));
        }
    }

    /** None waits: another version serves, or what was approved was overtaken. */
    public void withdraw() {
        try {
            choices.noneWaits();
        } catch (IOException e) {
            throw new RegistryException("cannot record that no version of '" + model + "' waits: " + e, e);
        }
    }
}
