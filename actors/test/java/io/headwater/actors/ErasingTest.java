package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The registry's part in an erasure. */
class ErasingTest extends ErasingRegistry {
    @Test
    void asked_goesToTheTrainerFirst_thenToTheVersions_andIsAnsweredThen() {
        ask("ann");

        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        assertThat(sent.keys()).containsExactly(ANN);
        assertThat(operator.hasMessages()).isFalse();
        assertThat(has(2)).isTrue();
        byte[] bobs = store.learner(3);

        run(lineErased(30, sent));

        Erasure done = ((Done<Erasure>) operator.receiveMessage()).value();
        assertThat(done.step()).isEqualTo(30);
        assertThat(done.rows()).isEqualTo(5);
        assertThat(done.waiting()).isEqualTo(2);
        assertThat(done.checkpoints()).isEqualTo(3);
        assertThat(done.versions()).containsExactly(2L);
        assertThat(done.source()).isTrue();
        assertThat(store.source().rows()).hasValue(new byte[] {42});
        assertThat(store.source().bytes()).containsExactly(7);
        assertThat(store.erasures().stepsOfSource()).containsExactly(30L);
        assertThat(done.remains()).anyMatch(sentence -> sentence.contains("weights"));
        assertThat(has(2)).isFalse();
        assertThat(store.learner(3)).isEqualTo(bobs);
        assertThat(store.erasures().stepsOf(2)).containsExactly(30L);
        assertThat(store.erasures().stepsOf(3)).isEmpty();
        assertThat(store.erasures().requests()).isEmpty();
        assertThat(store.audit(1_000)).last().satisfies(record -> {
            assertThat(record.action()).isEqualTo(Action.ERASE);
            assertThat(record.who()).isEqualTo("officer");
            assertThat(record.why())
                    .contains(String.format("%016x", ANN), "a letter", "step 30")
                    .doesNotContain("ann");
        });
    }

    /** Weights decide what a version says, and they stay. */
    @Test
    void rewrittenLearner_hasTheWeightsThatItHad() {
        String before = weights(2);

        ask("ann");
        run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));

        assertThat(has(2)).isFalse();
        assertThat(weights(2)).isEqualTo(before);
    }

    @Test
    void learnerThatNobodyCanRead_isNamed() {
        store.add(manifest(4, 25, new byte[] {4}, Map.of()), new byte[] {4}, new byte[] {1, 2, 3});
        store.add(
                manifest(5, 26, new byte[] {5}, Map.of(Manifest.SETTINGS, "lost")),
                new byte[] {5},
                SimModel.learner().checkpoint());

        ask("ann");
        run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));

        Erasure done = ((Done<Erasure>) operator.receiveMessage()).value();
        assertThat(done.versions()).containsExactly(2L);
        assertThat(done.remains()).anyMatch(sentence -> sentence.contains("version 4 cannot be read"));
        assertThat(done.remains()).anyMatch(sentence -> sentence.contains("version 5 cannot be read"));
    }

    @Test
    void candidateOfBefore_isDropped_andOneOfAfterIsNot() {
        ask("ann");
        run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));

        registry.run(
                new RegistryActor.Add(RegistryOfOneModel.candidate(29, 3, 7), "good", new long[0], trainer.getRef()));
        trainer.expectMessage(new TrainerActor.NotPromoted());
        assertThat(store.numbers()).containsExactly(1L, 2L, 3L);

        registry.run(
                new RegistryActor.Add(RegistryOfOneModel.candidate(30, 3, 7), "good", new long[0], trainer.getRef()));
        assertThat(((TrainerActor.Promoted) trainer.receiveMessage()).version()).isEqualTo(4);
    }

    /** The trainer may have read the learner while it still had the rows. */
    @Test
    void rollBackMeanwhile_erasesFromTheLineOnceMore() {
        ask("ann");
        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        registry.run(new RegistryActor.Choose(OptionalLong.of(2), Action.ROLL_BACK, "eve", "", other.getRef()));
        trainer.expectMessage(new TrainerActor.RolledBack(2));

        run(lineErased(30, sent));

        assertThat(operator.hasMessages()).isFalse();
        // A recovery from the checkpoint of step 30 takes the roll back again, and has to find what the line found.
        assertThat(has(2)).isTrue();
        run(lineErased(32, (TrainerActor.Erase) trainer.receiveMessage()));
        assertThat(((Done<Erasure>) operator.receiveMessage()).value().step()).isEqualTo(32);
        assertThat(has(2)).isFalse();
    }

    @Test
    void askedWhileAnotherIsErased_orWithoutATrainer_isRefusedAndNothingIsKept() {
        ask("ann");
        ask("bob");
        assertThat(((Refused<Erasure>) operator.receiveMessage()).reason()).contains("another owner");
        assertThat(store.erasures().keys()).containsExactly(ANN);

        registry = start();
        ask("bob");
        assertThat(((Refused<Erasure>) operator.receiveMessage()).reason()).contains("training does not run");
        assertThat(store.erasures().keys()).containsExactly(ANN);
    }

    /** The registry of a model with very many versions must not keep an operator waiting. */
    @Test
    void rollBackBetweenTwoVersions_doesNotWaitForTheRest() {
        ask("ann");
        registry.run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));
        registry.runOne();

        registry.run(new RegistryActor.Choose(OptionalLong.of(2), Action.ROLL_BACK, "eve", "", other.getRef()));

        other.expectMessage(new Done<>(2L));
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(2);
        trainer.expectMessage(new TrainerActor.RolledBack(2));
        runAll();
        assertThat(has(2)).as("what the line found before it erases again").isTrue();
        run(lineErased(32, (TrainerActor.Erase) trainer.receiveMessage()));
        Erasure done = ((Done<Erasure>) operator.receiveMessage()).value();
        assertThat(done.step()).isEqualTo(32);
        assertThat(done.versions()).containsExactly(2L);
        assertThat(done.source()).isTrue();
        assertThat(has(2)).isFalse();
        assertThat(store.erasures().requests()).isEmpty();
    }
}
