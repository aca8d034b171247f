package io.headwater.actors;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.event.Event;
import io.headwater.event.RowKey;
import io.headwater.feature.Featurizer;
import io.headwater.learn.Learner;
import io.headwater.learn.Trace;
import io.headwater.line.LogisticLearner;
import io.headwater.line.StepOutcome;
import io.headwater.line.TrainingRun;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The registry of a model of which two versions have learned a row of somebody, while rows are erased. */
abstract class ErasingRegistry {
    static final long ANN = RowKey.of("ann");
    static final float ANNS_VALUE = 1.2345678f;

    @TempDir
    Path root;

    final TestInbox<ServingActor.Command> serving = TestInbox.create();
    final TestInbox<TrainerActor.Command> trainer = TestInbox.create();
    final TestInbox<Answer<Erasure>> operator = TestInbox.create();
    final TestInbox<Answer<Long>> other = TestInbox.create();
    VersionStore store;
    BehaviorTestKit<RegistryActor.Command> registry;

    /** Version 1 has learned nothing, 2 a row of Ann's, 3 one of Bob's. */
    @BeforeEach
    void open() {
        store = VersionStore.open(root, "m", 10);
        store.source().keep(new byte[] {7}, new byte[] {8}, Map.of());
        add(1, 0, SimModel.learner());
        add(2, 10, taught("ann", ANNS_VALUE));
        add(3, 20, taught("bob", 5));
        store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", 0);
        store.serve(3, AuditRecord.GATE, Action.PROMOTE, "better", 0);
        registry = start();
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 3));
    }

    BehaviorTestKit<RegistryActor.Command> start() {
        return start(KEEPERS);
    }

    BehaviorTestKit<RegistryActor.Command> start(Erasing.Keepers keepers) {
        return BehaviorTestKit.create(RegistryActor.create(
                store,
                (version, candidate, verdict, nowMs) ->
                        manifest(version, candidate.sequence(), candidate.onnx(), Map.of()),
                serving.getRef(),
                RegistryOfOneModel.CLOCK,
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

    void ask(String owner) {
        registry.run(new RegistryActor.Erase(List.of(RowKey.of(owner)), "officer", "a letter", operator.getRef()));
    }

    /** Hands the registry a message, and those that it sends itself then. */
    void run(RegistryActor.Command message) {
        registry.run(message);
        runAll();
    }

    void runAll() {
        while (registry.selfInbox().hasMessages()) {
            registry.runOne();
        }
    }

    static RegistryActor.Erased lineErased(long step, TrainerActor.Erase asked) {
        return new RegistryActor.Erased(asked.keys(), new TrainingRun.Erased(step, new StepOutcome.Erasure(5, 2), 3));
    }

    RegistryActor.Command scheduled() {
        return registry.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .map(effect -> (RegistryActor.Command) ((Effect.TimerScheduled<?>) effect).msg())
                .findFirst()
                .orElseThrow();
    }

    boolean has(long version) {
        return Trace.isIn(store.learner(version), ANNS_VALUE);
    }

    String weights(long version) {
        LogisticLearner learner = SimModel.learner();
        learner.restore(store.learner(version));
        return learner.weightsSha256();
    }

    void add(long version, long sequence, LogisticLearner learner) {
        byte[] onnx = {(byte) version};
        store.add(manifest(version, sequence, onnx, Map.of()), onnx, learner.checkpoint());
    }

    /** A learner that keeps one row. */
    static LogisticLearner taught(String owner, float value) {
        LogisticLearner learner = SimModel.learner();
        try (Featurizer rows = SimModel.rows()) {
            rows.encode(List.of(new Event(owner, 0, new float[] {value, 1}, new @Nullable String[0])));
            learner.learn(rows.batch(), new float[] {1});
        }
        return learner;
    }

    static Manifest manifest(long version, long sequence, byte[] onnx, Map<String, String> provenance) {
        return RegistryOfOneModel.manifest(version, version - 1, sequence, onnx, provenance);
    }
}
