package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.api.ModelAdmin.Cause;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RegistryActorTest extends RegistryOfOneModel {
    @Test
    void add_ofTheChampionsLine_servesOnceItIsRecorded() {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[] {5}, trainer.getRef()));

        assertThat(((TrainerActor.Promoted) trainer.receiveMessage()).version()).isEqualTo(2);
        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();

        registry.run(new RegistryActor.Recorded(2));

        assertThat(store.served()).hasValue(2);
        assertThat(store.onnx(2)).containsExactly(7);
        ServingActor.Serve serve = (ServingActor.Serve) serving.receiveMessage();
        assertThat(serve.version()).isEqualTo(2);
        assertThat(serve.appendedMs()).containsExactly(5);
    }

    @Test
    void recorded_afterAnOperatorChose_servesNothing() {
        promoteTwo();
        registry.run(new RegistryActor.Add(candidate(2, 9), "good", new long[0], trainer.getRef()));
        registry.run(new RegistryActor.Choose(OptionalLong.of(1), Action.ROLL_BACK, "ann", "", operator.getRef()));
        serving.receiveMessage();

        registry.run(new RegistryActor.Recorded(3));

        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();
    }

    @Test
    void recovered_withARecordedVersionThatNeverServed_servesIt() {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        trainer.receiveMessage();

        registryAfterACrash().run(new RegistryActor.Recovered(trainer.getRef(), 2));

        assertThat(store.served()).hasValue(2);
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
        assertThat(trainer.hasMessages()).isFalse();
    }

    @Test
    void recorded_afterTheServedVersionWasPinned_goesBackToIt() {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        trainer.receiveMessage();
        registry.run(new RegistryActor.Choose(OptionalLong.empty(), Action.PIN, "ann", "", operator.getRef()));

        registry.run(new RegistryActor.Recorded(2));

        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();
        trainer.expectMessage(new TrainerActor.RolledBack(1));
    }

    @Test
    void recovered_afterAnOperatorChoseMeanwhile_tellsTheLine() {
        promoteTwo();
        registry.run(new RegistryActor.Stopped());
        registry.run(new RegistryActor.Choose(OptionalLong.of(1), Action.ROLL_BACK, "ann", "", operator.getRef()));
        serving.receiveMessage();
        assertThat(trainer.hasMessages()).isFalse();

        registry.run(new RegistryActor.Recovered(trainer.getRef(), 2));

        trainer.expectMessage(new TrainerActor.RolledBack(1));
        assertThat(serving.hasMessages()).isFalse();
    }

    @Test
    void recovered_withAVersionThatWasMeasuredAgainstAnother_keepsTheOperatorsChoice() {
        promoteTwo();
        registry.run(new RegistryActor.Add(candidate(2, 9), "good", new long[0], trainer.getRef()));
        trainer.receiveMessage();
        store.choose(1, "ann", Action.ROLL_BACK, "", 5);

        registryAfterACrash().run(new RegistryActor.Recovered(trainer.getRef(), 3));

        assertThat(store.served()).hasValue(1);
        trainer.expectMessage(new TrainerActor.RolledBack(1));
        assertThat(serving.hasMessages()).isFalse();
    }

    @Test
    void recorded_thatCannotBeWritten_isTriedAgainUntilItServes() throws IOException {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        // In the way of the file that says what serves.
        Path obstacle = Files.createDirectories(root.resolve("m/.served.json.tmp/full"));
        registry.getAllEffects();

        registry.run(new RegistryActor.Recorded(2));

        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();
        RegistryActor.Command again = scheduled();
        Files.delete(obstacle);
        Files.delete(root.resolve("m/.served.json.tmp"));
        registry.run(again);
        assertThat(store.served()).hasValue(2);
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
        assertThat(store.audit(1_000))
                .filteredOn(record -> record.version() == 2)
                .hasSize(1);

        registry.run(again);
        assertThat(serving.hasMessages()).isFalse();
    }

    /** The disk took the choice and failed behind it: nobody was told. */
    @Test
    void recorded_thatIsWrittenAndToldToNobody_isToldWhenItIsTriedAgain() throws IOException {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        Path obstacle = Files.createDirectories(root.resolve("m/.served.json.tmp/full"));
        registry.getAllEffects();
        registry.run(new RegistryActor.Recorded(2));
        Files.delete(obstacle);
        Files.delete(root.resolve("m/.served.json.tmp"));
        store.serve(2, AuditRecord.GATE, Action.PROMOTE, "good", 1_000);

        registry.run(scheduled());

        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
        assertThat(store.audit(1_000))
                .filteredOn(record -> record.version() == 2)
                .hasSize(1);
    }

    @Test
    void add_whileItCannotBeReadWhatServes_doesNotHoldTheNextCandidateBack() throws IOException {
        breakServed();

        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));

        trainer.expectMessage(new TrainerActor.NotPromoted());
        mendServed();
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        assertThat(((TrainerActor.Promoted) trainer.receiveMessage()).version()).isEqualTo(2);
    }

    @Test
    void recorded_whileItCannotBeReadWhatServes_isTriedAgainUntilItServes() throws IOException {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        registry.getAllEffects();
        breakServed();

        registry.run(new RegistryActor.Recorded(2));
        registry.run(scheduled());
        assertThat(serving.hasMessages()).isFalse();

        RegistryActor.Command again = scheduled();
        mendServed();
        registry.run(again);
        assertThat(store.served()).hasValue(2);
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
    }

    @Test
    void recovered_whileItCannotBeReadWhatServes_isComparedLater() throws IOException {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        trainer.receiveMessage();
        breakServed();
        registry = registryAfterACrash();

        registry.run(new RegistryActor.Recovered(trainer.getRef(), 2));

        RegistryActor.Command again = scheduled();
        mendServed();
        registry.run(again);
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
    }

    private void breakServed() throws IOException {
        Files.move(root.resolve("m/served.json"), root.resolve("away"));
        Files.createDirectory(root.resolve("m/served.json"));
    }

    private void mendServed() throws IOException {
        Files.delete(root.resolve("m/served.json"));
        Files.move(root.resolve("away"), root.resolve("m/served.json"));
    }

    @Test
    void choose_theOneThatServes_isRefused() {
        registry.run(new RegistryActor.Choose(OptionalLong.of(1), Action.PROMOTE, "ann", "", operator.getRef()));

        assertThat(((Refused<Long>) operator.receiveMessage()).reason()).contains("serves already");
        assertThat(trainer.hasMessages()).isFalse();
    }

    @Test
    void add_afterTheChampionChanged_isDropped() {
        promoteTwo();

        registry.run(new RegistryActor.Add(candidate(1, 8), "good", new long[0], trainer.getRef()));

        assertThat(store.numbers()).containsExactly(1L, 2L);
        assertThat(serving.hasMessages()).isFalse();
        trainer.expectMessage(new TrainerActor.NotPromoted());
    }

    @Test
    void rollback_servesTheOneBefore_tellsTheTrainerAndTheAudit() {
        promoteTwo();

        registry.run(
                new RegistryActor.Choose(OptionalLong.empty(), Action.ROLL_BACK, "ann", "alerts", operator.getRef()));

        operator.expectMessage(new Done<>(1L));
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(1);
        trainer.expectMessage(new TrainerActor.RolledBack(1));
        assertThat(store.audit(1_000))
                .last()
                .isEqualTo(new AuditRecord(1_000, "ann", Action.ROLL_BACK, 1, 2, "alerts"));
    }

    @Test
    void add_whileTheServedVersionIsPinned_isDropped_untilItIsNot() {
        registry.run(new RegistryActor.Choose(OptionalLong.empty(), Action.PIN, "ann", "inquiry", operator.getRef()));
        operator.expectMessage(new Done<>(1L));

        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));

        trainer.expectMessage(new TrainerActor.NotPromoted());
        assertThat(store.numbers()).containsExactly(1L);

        registry.run(new RegistryActor.Choose(OptionalLong.of(1), Action.UNPIN, "ann", "", operator.getRef()));
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));

        assertThat(((TrainerActor.Promoted) trainer.receiveMessage()).version()).isEqualTo(2);
        assertThat(store.audit(1_000)).extracting(AuditRecord::action).contains(Action.PIN, Action.UNPIN);
    }

    @Test
    void choose_unknownVersion_isRefusedAndNothingChanges() {
        registry.run(new RegistryActor.Choose(OptionalLong.of(9), Action.PROMOTE, "ann", "", operator.getRef()));

        Refused<Long> refused = (Refused<Long>) operator.receiveMessage();
        assertThat(refused.cause()).isEqualTo(Cause.UNKNOWN);
        assertThat(refused.reason()).contains("no version 9").contains("[1]");
        assertThat(store.served()).hasValue(1);
        assertThat(serving.hasMessages()).isFalse();
    }
}
