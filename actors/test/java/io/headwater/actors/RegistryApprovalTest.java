package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.api.ModelAdmin;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Versions that serve by an operator's word. */
class RegistryApprovalTest extends RegistryOfOneModel {
    @Test
    void proposed_waits_andIsTold_whileTheLineGoesOn() {
        propose(1, 7);

        trainer.expectMessage(new TrainerActor.NotPromoted());
        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();
        assertThat(telemetry.waiting()).contains(new Waiting(2, 1, 1_000, 1_000, "", ""));
        assertThat(versions())
                .filteredOn(version -> version.waits().isPresent())
                .extracting(version -> version.manifest().version())
                .containsExactly(2L);
    }

    @Test
    void approved_servesOnceItIsRecorded_likeOneThatTheGateAlonePassed() {
        propose(1, 7);
        trainer.receiveMessage();

        answer(2, Action.APPROVE, "good");

        operator.expectMessage(new Done<>(2L));
        assertThat(((TrainerActor.Approved) trainer.receiveMessage()).version()).isEqualTo(2);
        assertThat(store.served()).hasValue(1);

        registry.run(new RegistryActor.Recorded(2));

        assertThat(store.served()).hasValue(2);
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
        assertThat(trainer.hasMessages()).as("the line goes on as it is").isFalse();
        assertThat(store.manifest(2).approver()).isEqualTo("ann");
        assertThat(store.audit(1_000))
                .endsWith(
                        new AuditRecord(1_000, "ann", Action.APPROVE, 2, 1, "good"),
                        new AuditRecord(
                                1_000, AuditRecord.GATE, Action.PROMOTE, 2, 1, "approved by ann: good; verdict"));
        assertThat(telemetry.waiting()).isEmpty();
    }

    @Test
    void approvedAndNotRecorded_isAskedAgainOfTheNextTrainer() {
        propose(1, 7);
        answer(2, Action.APPROVE, "good");
        TestInbox<TrainerActor.Command> next = TestInbox.create();

        registryAfterACrash().run(new RegistryActor.Recovered(next.getRef(), 1));

        assertThat(((TrainerActor.Approved) next.receiveMessage()).version()).isEqualTo(2);
        assertThat(store.served()).hasValue(1);
    }

    @Test
    void approvedAndRecorded_whenTheProcessDied_servesWithWhoApprovedIt() {
        propose(1, 7);
        answer(2, Action.APPROVE, "good");
        TestInbox<TrainerActor.Command> next = TestInbox.create();

        registryAfterACrash().run(new RegistryActor.Recovered(next.getRef(), 2));

        assertThat(store.served()).hasValue(2);
        assertThat(store.manifest(2).approver()).isEqualTo("ann");
        assertThat(next.hasMessages()).isFalse();
    }

    @Test
    void approvedWhileThatCannotBeRead_isRecordedLater() throws IOException {
        propose(1, 7);
        answer(2, Action.APPROVE, "good");
        TestInbox<TrainerActor.Command> next = TestInbox.create();
        Path waiting = root.resolve("m/waiting.json");
        Files.move(waiting, root.resolve("away"));
        Files.createDirectory(waiting);
        registry = registryAfterACrash();

        registry.run(new RegistryActor.Recovered(next.getRef(), 1));

        assertThat(next.hasMessages()).isFalse();
        Files.delete(waiting);
        Files.move(root.resolve("away"), waiting);
        registry.run(scheduled());
        assertThat(((TrainerActor.Approved) next.receiveMessage()).version()).isEqualTo(2);
    }

    @Test
    void approvedWhileNothingTrains_waitsForATrainer() {
        propose(1, 7);
        trainer.receiveMessage();
        registry.run(new RegistryActor.Stopped());

        answer(2, Action.APPROVE, "good");

        operator.expectMessage(new Done<>(2L));
        assertThat(trainer.hasMessages()).isFalse();
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 1));
        assertThat(trainer.receiveMessage()).isInstanceOf(TrainerActor.Approved.class);
    }

    @Test
    void approved_keepsItsPlace_againstANewerCandidate() {
        propose(1, 7);
        answer(2, Action.APPROVE, "good");

        propose(1, 8);

        assertThat(store.numbers()).containsExactly(1L, 2L);
    }

    /** The gate asked whether it may before the pin was set. */
    @Test
    void pinned_keepsItsPlace_againstANewerCandidate() {
        propose(1, 7);
        answer(2, Action.PIN, "under review");

        propose(1, 8);

        assertThat(store.numbers()).containsExactly(1L, 2L);
        assertThat(telemetry.waiting().orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void newerCandidate_takesThePlace_andTheOldOneCannotBeApproved() {
        propose(1, 7);
        propose(1, 8);

        answer(2, Action.APPROVE, "good");

        assertThat(((Refused<Long>) operator.receiveMessage()).reason())
                .isEqualTo("version 2 of 'm' does not wait for approval; the one that waits is version 3");
        assertThat(store.numbers()).containsExactly(1L, 3L);
    }

    @Test
    void rejected_doesNotServe() {
        propose(1, 7);
        trainer.receiveMessage();

        answer(2, Action.REJECT, "odd");

        operator.expectMessage(new Done<>(2L));
        assertThat(telemetry.waiting()).isEmpty();
        assertThat(trainer.hasMessages()).isFalse();
        registry.run(new RegistryActor.Recorded(2));
        assertThat(store.served()).hasValue(1);
    }

    @Test
    void answer_withoutAVersion_isRefusedWithTheOneThatWaits() {
        registry.run(new RegistryActor.Choose(OptionalLong.empty(), Action.APPROVE, "ann", "good", operator.getRef()));
        assertThat(((Refused<Long>) operator.receiveMessage()).reason()).isEqualTo("no version waits for approval");

        propose(1, 7);
        registry.run(new RegistryActor.Choose(OptionalLong.empty(), Action.APPROVE, "ann", "good", operator.getRef()));
        assertThat(((Refused<Long>) operator.receiveMessage()).reason())
                .isEqualTo("name the version that you looked at; version 2 waits for approval");
    }

    @Test
    void operatorsOtherChoice_hasTheLastWord() {
        promoteTwo();
        propose(2, 9);
        answer(3, Action.APPROVE, "good");
        registry.run(new RegistryActor.Choose(OptionalLong.of(1), Action.ROLL_BACK, "ben", "", operator.getRef()));
        serving.receiveMessage();

        registry.run(new RegistryActor.Recorded(3));

        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();
        assertThat(telemetry.waiting()).isEmpty();
    }

    @Test
    void proposal_ofALineWhoseChampionChanged_isDropped() {
        promoteTwo();

        propose(1, 8);

        assertThat(store.numbers()).containsExactly(1L, 2L);
        assertThat(telemetry.waiting()).isEmpty();
    }

    private void propose(long champion, int content) {
        registry.run(new RegistryActor.Propose(candidate(champion, content), "good", trainer.getRef()));
    }

    private void answer(long version, Action action, String why) {
        registry.run(new RegistryActor.Choose(OptionalLong.of(version), action, "ann", why, operator.getRef()));
    }

    private List<ModelAdmin.Version> versions() {
        TestInbox<Answer<List<ModelAdmin.Version>>> inbox = TestInbox.create();
        registry.run(new RegistryActor.Versions(inbox.getRef()));
        return ((Done<List<ModelAdmin.Version>>) inbox.receiveMessage()).value();
    }
}
