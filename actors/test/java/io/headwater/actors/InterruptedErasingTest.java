package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.event.RowKey;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What becomes of an erasure when the process, the trainer or the disk does not go along. */
class InterruptedErasingTest extends ErasingRegistry {
    @Test
    void processThatEndsBetweenLineAndVersions_finishesAtTheNextStart() {
        ask("ann");
        trainer.receiveMessage();

        // It ends here; what the trainer has done by then does not matter.
        registry = start();
        assertThat(store.erasures().requests()).hasSize(1);
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));

        TrainerActor.Erase again = (TrainerActor.Erase) trainer.receiveMessage();
        assertThat(again.keys()).containsExactly(ANN);
        run(lineErased(31, again));
        assertThat(has(2)).isFalse();
        assertThat(store.erasures().requests()).isEmpty();
        assertThat(store.audit(1_000)).last().extracting(AuditRecord::action).isEqualTo(Action.ERASE);
    }

    @Test
    void trainerThatCannotWrite_isToldToTheOperator_andDoneWhenItGoesOn() {
        ask("ann");
        trainer.receiveMessage();

        registry.run(new RegistryActor.NotErased("the checkpoint of step 30 cannot be written: disk full"));
        registry.run(new RegistryActor.Stopped());

        assertThat(((Refused<Erasure>) operator.receiveMessage()).reason())
                .contains("disk full")
                .contains("the request is kept");
        assertThat(operator.hasMessages()).isFalse();
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));
        run(lineErased(31, (TrainerActor.Erase) trainer.receiveMessage()));
        assertThat(has(2)).isFalse();
        assertThat(store.erasures().requests()).isEmpty();
    }

    @Test
    void versionThatCannotBeWritten_isToldToTheOperator_andTriedAgain() throws IOException {
        ask("ann");
        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        Path obstacle = Files.createDirectories(root.resolve("m/2/.learner.bin.tmp/full"));
        registry.getAllEffects();

        run(lineErased(30, sent));

        assertThat(((Refused<Erasure>) operator.receiveMessage()).reason())
                .contains("learner of version 2")
                .contains("the request is kept");
        assertThat(has(2)).isTrue();
        Files.delete(obstacle);
        Files.delete(root.resolve("m/2/.learner.bin.tmp"));
        run(scheduled());
        assertThat(has(2)).isFalse();
        assertThat(store.erasures().requests()).isEmpty();
    }

    /** The next line may have opened with rows of the source that were not rewritten yet. */
    @Test
    void trainerThatEndsBeforeAllIsRewritten_isFollowedByOneThatErasesToo() throws IOException {
        ask("ann");
        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        Path obstacle = Files.createDirectories(root.resolve("m/2/.learner.bin.tmp/full"));
        registry.getAllEffects();
        run(lineErased(30, sent));
        registry.run(new RegistryActor.Stopped());
        Files.delete(obstacle);
        Files.delete(root.resolve("m/2/.learner.bin.tmp"));

        run(scheduled());
        assertThat(store.erasures().requests()).isNotEmpty();
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));
        run(lineErased(33, (TrainerActor.Erase) trainer.receiveMessage()));

        assertThat(store.erasures().requests()).isEmpty();
        assertThat(has(2)).isFalse();
    }

    /** What the trainer has in its mailbox is of before the second request, and does not answer it. */
    @Test
    void secondRequest_isNotDoneByTheFirstOnesStep() {
        ask("ann");
        TrainerActor.Erase first = (TrainerActor.Erase) trainer.receiveMessage();
        registry.run(new RegistryActor.Stopped());
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));
        trainer.receiveMessage();
        operator.receiveMessage();

        ask("bob");
        TrainerActor.Erase both = (TrainerActor.Erase) trainer.receiveMessage();
        assertThat(both.keys()).containsExactlyInAnyOrder(ANN, RowKey.of("bob"));
        run(lineErased(30, first));
        assertThat(store.erasures().requests()).hasSize(2);
        assertThat(operator.hasMessages()).isFalse();

        run(lineErased(31, both));
        assertThat(((Done<Erasure>) operator.receiveMessage()).value().versions())
                .containsExactly(2L, 3L);
        assertThat(store.erasures().requests()).isEmpty();
    }

    @Test
    void versionThatRetentionTookMeanwhile_isPassedOver() throws IOException {
        ask("ann");
        registry.run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));
        registry.runOne();
        Files.move(root.resolve("m/1"), root.resolve("gone"));

        runAll();

        assertThat(((Done<Erasure>) operator.receiveMessage()).value().versions())
                .containsExactly(2L);
    }

    @Test
    void requestThatCannotBeRead_isReadAgain() throws IOException {
        ask("ann");
        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        Path request = root.resolve("m/erasing.json");
        Files.move(request, root.resolve("away"));
        Files.createDirectory(request);
        registry.getAllEffects();

        run(lineErased(30, sent));

        RegistryActor.Command again = scheduled();
        Files.delete(request);
        Files.move(root.resolve("away"), request);
        run(again);
        run(lineErased(31, (TrainerActor.Erase) trainer.receiveMessage()));
        assertThat(((Done<Erasure>) operator.receiveMessage()).value().step()).isEqualTo(31);
    }
}
