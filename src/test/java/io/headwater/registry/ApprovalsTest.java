package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApprovalsTest extends StoredVersions {
    @Test
    void proposed_waitsInPlaceOfTheOneBefore_whichIsDeleted() {
        try (VersionStore store = servingOne()) {
            propose(store, 2, NOW);
            propose(store, 3, NOW + 5);

            assertThat(store.waiting()).contains(new Waiting(3, 1, NOW + 5, NOW, "", ""));
            assertThat(store.numbers()).containsExactly(1L, 3L);
            assertThat(store.served()).hasValue(1);
            assertThat(store.manifest(3).approver()).isNull();
            assertThat(store.audit(1_000))
                    .last()
                    .isEqualTo(new AuditRecord(
                            NOW + 5,
                            AuditRecord.RETENTION,
                            Action.DELETE,
                            2,
                            1,
                            "version 3 took its place before anybody approved it"));
        }
    }

    @Test
    void approved_serves_withWhoInManifestAndAudit_alsoAfterARestart() {
        try (VersionStore store = servingOne()) {
            propose(store, 2, NOW);
            store.approvals().approve(2, "ann", "good", NOW + 1);
        }
        try (VersionStore store = open(10)) {
            Waiting waits = store.waiting().orElseThrow();
            assertThat(waits.approvedBy()).isEqualTo("ann");
            assertThat(waits.words("better")).isEqualTo("approved by ann: good; better");
            assertThat(store.served()).hasValue(1);

            store.serve(2, AuditRecord.GATE, Action.PROMOTE, waits.words("better"), NOW + 2);

            assertThat(store.manifest(2).approver()).isEqualTo("ann");
            assertThat(store.waiting()).isEmpty();
            assertThat(store.audit(1_000)).contains(new AuditRecord(NOW + 1, "ann", Action.APPROVE, 2, 1, "good"));
            assertThat(store.previous()).hasValue(1);
        }
    }

    @Test
    void approvedAndServed_waitsNoMore_whereACrashLeftItsFile_andTheChampionServesAgain() throws IOException {
        Path file = root.resolve("flights/waiting.json");
        try (VersionStore store = servingOne()) {
            propose(store, 2, NOW);
            store.approvals().approve(2, "ann", "good", NOW + 1);
            byte[] waits = Files.readAllBytes(file);
            store.serve(2, AuditRecord.GATE, Action.PROMOTE, "better", NOW + 2);
            store.serve(1, "bob", Action.ROLL_BACK, "worse", NOW + 3);
            Files.write(file, waits);
        }
        try (VersionStore store = open(10)) {
            assertThat(store.waiting()).isEmpty();
            assertThat(store.served()).hasValue(1);
        }
    }

    @Test
    void rejected_waitsNoLonger_andItsNumberIsNotGivenAgain() {
        try (VersionStore store = servingOne()) {
            propose(store, 2, NOW);
            store.approvals().reject(2, "ann", "odd", NOW + 1);

            assertThat(store.waiting()).isEmpty();
            assertThat(store.nextNumber()).isEqualTo(3);
            assertThat(store.audit(1_000))
                    .last()
                    .isEqualTo(new AuditRecord(NOW + 1, "ann", Action.REJECT, 2, 1, "odd"));
        }
    }

    @Test
    void answer_forWhatDoesNotWait_isRefusedWithASentence() {
        try (VersionStore store = servingOne()) {
            assertThatThrownBy(() -> store.approvals().approve(2, "ann", "", NOW))
                    .hasMessage("version 2 of 'flights' does not wait for approval, and none does");
            propose(store, 2, NOW);
            propose(store, 3, NOW);
            assertThatThrownBy(() -> store.approvals().approve(2, "ann", "", NOW))
                    .hasMessage("version 2 of 'flights' does not wait for approval; the one that waits is version 3");
            assertThatThrownBy(() -> store.approvals().approve(3, AuditRecord.GATE, "", NOW))
                    .isInstanceOf(RegistryException.class);
            store.approvals().approve(3, "ann", "", NOW);
            assertThatThrownBy(() -> store.approvals().reject(3, "ben", "", NOW))
                    .hasMessageContaining("is approved by ann already");
        }
    }

    @Test
    void approve_whileTheServedVersionIsPinned_isRefused() {
        try (VersionStore store = servingOne()) {
            propose(store, 2, NOW);
            store.pin(1, "ben", "inquiry", NOW);

            assertThatThrownBy(() -> store.approvals().approve(2, "ann", "", NOW))
                    .hasMessageContaining("version 1 of 'flights' serves and is pinned");
            assertThat(store.waiting())
                    .hasValueSatisfying(waits -> assertThat(waits.isApproved()).isFalse());
        }
    }

    @Test
    void waiting_afterAnotherVersionServes_isOver() {
        try (VersionStore store = servingOne()) {
            addAll(store, 2, 2);
            propose(store, 3, NOW);
            store.choose(2, "ann", Action.PROMOTE, "", NOW);

            assertThat(store.waiting()).isEmpty();
            store.choose(1, "ann", Action.ROLL_BACK, "", NOW);
            assertThat(store.waiting()).isEmpty();
        }
    }

    @Test
    void answer_thatACrashCutOff_isFinishedWhenTheStoreOpens() throws IOException {
        try (VersionStore store = servingOne()) {
            propose(store, 2, NOW);
        }
        Path audit = root.resolve("flights/audit.jsonl");
        String asked = Files.readString(audit);
        try (VersionStore store = open(10)) {
            store.approvals().approve(2, "ann", "good", NOW + 1);
        }
        String answered = Files.readString(audit);
        assertThat(answered).startsWith(asked).hasSizeGreaterThan(asked.length());
        // What was there when the process died: the line in the trail, and a version that nobody had approved.
        Files.writeString(
                root.resolve("flights/waiting.json"),
                "{\"version\":2,\"champion\":1,\"sinceMs\":1,\"askedMs\":1,\"approvedBy\":\"\",\"note\":\"\"}");

        try (VersionStore store = open(10)) {
            assertThat(store.waiting().orElseThrow().approvedBy()).isEqualTo("ann");
            assertThat(store.waiting().orElseThrow().note()).isEqualTo("good");
        }
    }

    @Test
    void waiting_staysOnDiskBeyondTheRetention() {
        try (VersionStore store = open(1)) {
            addAll(store, 1, 1);
            store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", NOW);
            propose(store, 2, NOW);
            addAll(store, 3, 5);

            assertThat(store.forgetOld(NOW)).isEqualTo(List.of(3L, 4L));
        }
    }

    @Test
    void holds_untilItHasWaited_andWhilePinnedOrApproved() {
        Waiting waits = new Waiting(7, 1, 1_000, 0, "", "");
        Duration minute = Duration.ofMinutes(1);

        assertThat(waits.holds(false, 60_999, minute)).hasValue("version 7 waits for approval since 59 s");
        assertThat(waits.holds(false, 61_000, minute)).isEmpty();
        assertThat(waits.holds(true, 61_000, minute)).isPresent();
        assertThat(waits.approved("ann", "").holds(false, 61_000, minute)).isPresent();
        assertThat(waits.holds(false, 0, minute))
                .as("a clock that stepped back")
                .isEmpty();
    }

    private VersionStore servingOne() {
        VersionStore store = open(10);
        addAll(store, 1, 1);
        store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", NOW);
        return store;
    }

    private static void propose(VersionStore store, long version, long nowMs) {
        store.add(manifest(version).unapproved(), onnx(version), learner(version));
        store.approvals().propose(version, 1, nowMs);
    }
}
