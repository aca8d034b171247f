package io.headwater.actors;

import io.headwater.api.ModelAdmin;
import io.headwater.line.Candidate;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import io.headwater.registry.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a version waits for an operator's approval: the registry's, which alone calls it. */
final class ApprovalDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ApprovalDesk.class);

    private final VersionStore store;
    private final Clock clock;
    private final Telemetry telemetry;

    ApprovalDesk(VersionStore store, Clock clock, Telemetry telemetry) {
        this.store = store;
        this.clock = clock;
        this.telemetry = telemetry;
        tell();
    }

    /** Tells the world what waits, after anything that may have changed it: what was done is done also where it is not. */
    void tell() {
        try {
            telemetry.waits(store.waiting());
        } catch (RegistryException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /** Stores a candidate as the version that waits, in the place of the one before. */
    void propose(Candidate candidate, Manifest manifest) {
        long nowMs = clock.millis();
        if (store.waiting().filter(waits -> keepsItsPlace(waits, nowMs)).isPresent()) {
            return;
        }
        store.add(manifest.unapproved(), candidate.onnx(), candidate.learner());
        store.approvals().propose(manifest.version(), candidate.champion(), nowMs);
        LOG.info("version {} of {} waits for approval: {}", manifest.version(), manifest.model(), manifest.verdict());
        tell();
    }

    /** An operator may have answered, or pinned it, after the gate had looked; how long it has waited is the gate's. */
    private boolean keepsItsPlace(Waiting waits, long nowMs) {
        return waits.holds(store.pinned().contains(waits.version()), nowMs, Duration.ZERO)
                .isPresent();
    }

    /** The version that was approved and does not serve yet. */
    OptionalLong approved() {
        return store.waiting().filter(Waiting::isApproved).stream()
                .mapToLong(Waiting::version)
                .findFirst();
    }

    /** Writes down an operator's answer. */
    void answer(RegistryActor.Choose message, long version) {
        if (message.action() == Action.APPROVE) {
            // What cannot be read can never serve.
            store.waiting().filter(waits -> waits.version() == version).ifPresent(waits -> store.onnx(version));
            store.approvals().approve(version, message.who(), message.why(), clock.millis());
        } else {
            store.approvals().reject(version, message.who(), message.why(), clock.millis());
        }
        String done = message.action() == Action.APPROVE ? "approved" : "rejected";
        LOG.info("version {} is {} by {}: {}", version, done, message.who(), message.why());
        tell();
    }

    /** Why a version is promoted: the gate's sentence, behind that of whoever approved it. */
    String words(long version, String verdict) {
        return store.waiting()
                .filter(waits -> waits.version() == version)
                .map(waits -> waits.words(verdict))
                .orElse(verdict);
    }

    /** What was approved was overtaken. */
    void withdraw() {
        try {
            store.approvals().withdraw();
        } catch (RegistryException e) {
            LOG.warn("{}", e.getMessage());
        }
        tell();
    }

    /** The sentence for an answer that names no version. */
    String unnamed() {
        return store.waiting()
                .map(waits -> "name the version that you looked at; version " + waits.version() + " waits for approval")
                .orElse("no version waits for approval");
    }

    /** What an operator gets to know of the version that waits. */
    Optional<ModelAdmin.Waits> waits() {
        return store.waiting().map(waits -> new ModelAdmin.Waits(waits, clock.millis(), telemetry.line()));
    }
}
