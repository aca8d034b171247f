package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.event.Event;
import io.headwater.event.RowKey;
import io.headwater.event.StreamPosition;
import io.headwater.feature.Featurizer;
import io.headwater.gate.Contest;
import io.headwater.learn.Learner;
import io.headwater.learn.Trace;
import io.headwater.line.Candidate;
import io.headwater.line.LogisticLearner;
import io.headwater.line.StepOutcome;
import io.headwater.line.TrainingRun;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry's part in an erasure. */
class ErasingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);
    private static final long ANN = RowKey.of("ann");
    private static final float ANNS_VALUE = 1.2345678f;

    @TempDir
    Path root;

    private final TestInbox<ServingActor.Command> serving = TestInbox.create();
    private final TestInbox<TrainerActor.Command> trainer = TestInbox.create();
    private final TestInbox<Answer<Erasure>> operator = TestInbox.create();
    private final TestInbox<Answer<Long>> other = TestInbox.create();
    private VersionStore store;
    private BehaviorTestKit<RegistryActor.Command> registry;

    /** Version 1 has learned nothing, 2 a row of Ann's, 3 one of Bob's. */
    @BeforeEach
    void open() {
        store = VersionStore.open(root, "m", 10);
        store.keepSource(new byte[] {7}, new byte[] {8}, Map.of());
        add(1, 0, SimModel.learner());
        add(2, 10, taught("ann", ANNS_VALUE));
        add(3, 20, taught("bob", 5));
        store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", 0);
        store.serve(3, AuditRecord.GATE, Action.PROMOTE, "better", 0);
        registry = start();
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));
    }

    private BehaviorTestKit<RegistryActor.Command> start() {
        return start(KEEPERS);
    }

    private BehaviorTestKit<RegistryActor.Command> start(Erasing.Keepers keepers) {
        return BehaviorTestKit.create(RegistryActor.create(
                store,
                (version, candidate, verdict, nowMs) -> manifest(version, candidate.sequence(), candidate.onnx()),
                serving.getRef(),
                CLOCK,
                new Telemetry(new HeadwaterMetrics().model("m")),
                RegistryActor.Role.ALONE,
                keepers));
    }

    private static final Erasing.Keepers KEEPERS = new Erasing.Keepers() {
        @Override
        public Learner learner(String settingsSha256) {
            if (settingsSha256.equals("lost")) {
                throw new RegistryException("the settings are not kept");
            }
            return SimModel.learner();
        }

        @Override
        public Optional<byte[]> sourceRowsWithout(List<Long> keys) {
            return keys.contains(ANN) ? Optional.of(new byte[] {42}) : Optional.empty();
        }
    };

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void asked_goesToTheTrainerFirst_thenToTheVersions_andIsAnsweredThen() {
        ask("ann");

        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        assertThat(sent.keys()).containsExactly(ANN);
        assertThat(operator.hasMessages()).isFalse();
        assertThat(has(2)).isTrue();
        byte[] bobs = store.learner(3);

        registry.run(lineErased(30, sent));

        Erasure done = ((Done<Erasure>) operator.receiveMessage()).value();
        assertThat(done.step()).isEqualTo(30);
        assertThat(done.rows()).isEqualTo(5);
        assertThat(done.waiting()).isEqualTo(2);
        assertThat(done.checkpoints()).isEqualTo(3);
        assertThat(done.versions()).containsExactly(2L);
        assertThat(done.source()).isTrue();
        assertThat(store.sourceRows()).hasValue(new byte[] {42});
        assertThat(store.source()).containsExactly(7);
        assertThat(store.erasures().stepsOfSource()).containsExactly(30L);
        assertThat(done.remains()).anyMatch(sentence -> sentence.contains("weights"));
        assertThat(has(2)).isFalse();
        assertThat(store.learner(3)).isEqualTo(bobs);
        assertThat(store.erasures().stepsOf(2)).containsExactly(30L);
        assertThat(store.erasures().stepsOf(3)).isEmpty();
        assertThat(store.erasures().requests()).isEmpty();
        assertThat(store.audit()).last().satisfies(record -> {
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
        registry.run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));

        assertThat(has(2)).isFalse();
        assertThat(weights(2)).isEqualTo(before);
    }

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
        registry.run(lineErased(31, again));
        assertThat(has(2)).isFalse();
        assertThat(store.erasures().requests()).isEmpty();
        assertThat(store.audit()).last().extracting(AuditRecord::action).isEqualTo(Action.ERASE);
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
        registry.run(lineErased(31, (TrainerActor.Erase) trainer.receiveMessage()));
        assertThat(has(2)).isFalse();
        assertThat(store.erasures().requests()).isEmpty();
    }

    @Test
    void versionThatCannotBeWritten_isToldToTheOperator_andTriedAgain() throws IOException {
        ask("ann");
        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        Path obstacle = Files.createDirectories(root.resolve("m/2/.learner.bin.tmp/full"));
        registry.getAllEffects();

        registry.run(lineErased(30, sent));

        assertThat(((Refused<Erasure>) operator.receiveMessage()).reason())
                .contains("learner of version 2")
                .contains("the request is kept");
        assertThat(has(2)).isTrue();
        Files.delete(obstacle);
        Files.delete(root.resolve("m/2/.learner.bin.tmp"));
        registry.run(scheduled());
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
        registry.run(lineErased(30, sent));
        registry.run(new RegistryActor.Stopped());
        Files.delete(obstacle);
        Files.delete(root.resolve("m/2/.learner.bin.tmp"));

        registry.run(scheduled());
        assertThat(store.erasures().requests()).isNotEmpty();
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));
        registry.run(lineErased(33, (TrainerActor.Erase) trainer.receiveMessage()));

        assertThat(store.erasures().requests()).isEmpty();
        assertThat(has(2)).isFalse();
    }

    @Test
    void learnerThatNobodyCanRead_isNamed() {
        store.add(manifest(4, 25, new byte[] {4}), new byte[] {4}, new byte[] {1, 2, 3});
        store.add(
                manifest(5, 26, new byte[] {5}, Map.of(Manifest.SETTINGS, "lost")),
                new byte[] {5},
                SimModel.learner().checkpoint());

        ask("ann");
        registry.run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));

        Erasure done = ((Done<Erasure>) operator.receiveMessage()).value();
        assertThat(done.versions()).containsExactly(2L);
        assertThat(done.remains()).anyMatch(sentence -> sentence.contains("version 4 cannot be read"));
        assertThat(done.remains()).anyMatch(sentence -> sentence.contains("version 5 cannot be read"));
    }

    @Test
    void candidateOfBefore_isDropped_andOneOfAfterIsNot() {
        ask("ann");
        registry.run(lineErased(30, (TrainerActor.Erase) trainer.receiveMessage()));

        registry.run(new RegistryActor.Add(candidate(29), "good", new long[0], trainer.getRef()));
        trainer.expectMessage(new TrainerActor.NotPromoted());
        assertThat(store.numbers()).containsExactly(1L, 2L, 3L);

        registry.run(new RegistryActor.Add(candidate(30), "good", new long[0], trainer.getRef()));
        assertThat(((TrainerActor.Promoted) trainer.receiveMessage()).version()).isEqualTo(4);
    }

    /** The trainer may have read the learner while it still had the rows. */
    @Test
    void rollBackMeanwhile_erasesFromTheLineOnceMore() {
        ask("ann");
        TrainerActor.Erase sent = (TrainerActor.Erase) trainer.receiveMessage();
        registry.run(new RegistryActor.Choose(OptionalLong.of(2), Action.ROLL_BACK, "eve", "", other.getRef()));
        trainer.expectMessage(new TrainerActor.RolledBack(2));

        registry.run(lineErased(30, sent));

        assertThat(operator.hasMessages()).isFalse();
        // A recovery from the checkpoint of step 30 takes the roll back again, and has to find what the line found.
        assertThat(has(2)).isTrue();
        registry.run(lineErased(32, (TrainerActor.Erase) trainer.receiveMessage()));
        assertThat(((Done<Erasure>) operator.receiveMessage()).value().step()).isEqualTo(32);
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
        registry.run(lineErased(30, first));
        assertThat(store.erasures().requests()).hasSize(2);
        assertThat(operator.hasMessages()).isFalse();

        registry.run(lineErased(31, both));
        assertThat(((Done<Erasure>) operator.receiveMessage()).value().versions())
                .containsExactly(2L, 3L);
        assertThat(store.erasures().requests()).isEmpty();
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

    private void ask(String owner) {
        registry.run(new RegistryActor.Erase(List.of(RowKey.of(owner)), "officer", "a letter", operator.getRef()));
    }

    private static RegistryActor.Erased lineErased(long step, TrainerActor.Erase asked) {
        return new RegistryActor.Erased(asked.keys(), new TrainingRun.Erased(step, new StepOutcome.Erasure(5, 2), 3));
    }

    private RegistryActor.Command scheduled() {
        return registry.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .map(effect -> (RegistryActor.Command) ((Effect.TimerScheduled<?>) effect).msg())
                .findFirst()
                .orElseThrow();
    }

    private boolean has(long version) {
        return Trace.isIn(store.learner(version), ANNS_VALUE);
    }

    private String weights(long version) {
        LogisticLearner learner = SimModel.learner();
        learner.restore(store.learner(version));
        return learner.weightsSha256();
    }

    private void add(long version, long sequence, LogisticLearner learner) {
        byte[] onnx = {(byte) version};
        store.add(manifest(version, sequence, onnx), onnx, learner.checkpoint());
    }

    /** A learner that keeps one row. */
    private static LogisticLearner taught(String owner, float value) {
        LogisticLearner learner = SimModel.learner();
        try (Featurizer rows = SimModel.rows()) {
            rows.encode(List.of(new Event(owner, 0, new float[] {value, 1}, new @Nullable String[0])));
            learner.learn(rows.batch(), new float[] {1});
        }
        return learner;
    }

    private static Candidate candidate(long sequence) {
        return new Candidate(
                sequence,
                3,
                new byte[] {7},
                new byte[0],
                "weights",
                StreamPosition.START,
                100,
                50,
                new Contest(10).standing(),
                "",
                Optional.empty());
    }

    private static Manifest manifest(long version, long sequence, byte[] onnx) {
        return manifest(version, sequence, onnx, Map.of());
    }

    private static Manifest manifest(long version, long sequence, byte[] onnx, Map<String, String> provenance) {
        return new Manifest(
                "m",
                version,
                version - 1,
                0,
                0,
                Manifest.sha256(onnx),
                "weights",
                sequence,
                0,
                0,
                Map.of(),
                "cut",
                new Manifest.Features(List.of(), List.of(), 2, "rule", "", ""),
                Map.of(),
                "verdict",
                AuditRecord.GATE,
                "",
                provenance);
    }
}
