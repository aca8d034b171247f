package io.headwater.actors;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.event.StreamPosition;
import io.headwater.gate.Contest;
import io.headwater.learn.Learner;
import io.headwater.line.Candidate;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The registry of a model whose source model serves, and everybody whom it talks to. */
abstract class RegistryOfOneModel {
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

    /** Nothing is erased here. */
    private static final Erasing.Keepers NOBODY = new Erasing.Keepers() {
        @Override
        public Learner learner(String settingsSha256) {
            throw new IllegalStateException("no learner was handed over");
        }

        @Override
        public Optional<byte[]> sourceRowsWithout(List<Long> keys) {
            return Optional.empty();
        }
    };

    @TempDir
    Path root;

    final TestInbox<ServingActor.Command> serving = TestInbox.create();
    final TestInbox<TrainerActor.Command> trainer = TestInbox.create();
    final TestInbox<Answer<Long>> operator = TestInbox.create();
    final Telemetry telemetry = new Telemetry(new HeadwaterMetrics().model("m"));
    VersionStore store;
    BehaviorTestKit<RegistryActor.Command> registry;

    @BeforeEach
    void open() {
        store = VersionStore.open(root, "m", 10);
        store.add(manifest(1, 0, new byte[] {1}), new byte[] {1}, new byte[0]);
        store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", 0);
        registry = BehaviorTestKit.create(RegistryActor.create(
                store,
                (version, candidate, verdict, nowMs) -> manifest(version, candidate.champion(), candidate.onnx()),
                serving.getRef(),
                CLOCK,
                telemetry,
                RegistryActor.Role.ALONE,
                NOBODY));
        registry.run(new RegistryActor.Recovered(trainer.getRef(), 1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    BehaviorTestKit<RegistryActor.Command> registryAfterACrash() {
        return BehaviorTestKit.create(RegistryActor.create(
                store,
                (version, candidate, verdict, nowMs) -> manifest(9, 0, new byte[0]),
                serving.getRef(),
                CLOCK,
                telemetry,
                RegistryActor.Role.ALONE,
                NOBODY));
    }

    /** What a timer was set for. */
    RegistryActor.Command scheduled() {
        return registry.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .map(effect -> (RegistryActor.Command) ((Effect.TimerScheduled<?>) effect).msg())
                .findFirst()
                .orElseThrow();
    }

    void promoteTwo() {
        registry.run(new RegistryActor.Add(candidate(1, 7), "good", new long[0], trainer.getRef()));
        trainer.receiveMessage();
        registry.run(new RegistryActor.Recorded(2));
        serving.receiveMessage();
    }

    static Candidate candidate(long champion, int content) {
        return candidate(3, champion, content);
    }

    static Candidate candidate(long sequence, long champion, int content) {
        return new Candidate(
                sequence,
                champion,
                new byte[] {(byte) content},
                new byte[0],
                "weights",
                StreamPosition.START,
                100,
                50,
                new Contest(10).standing(),
                "",
                Optional.empty());
    }

    static Manifest manifest(long version, long parent, byte[] onnx) {
        return manifest(version, parent, 0, onnx, Map.of());
    }

    static Manifest manifest(long version, long parent, long sequence, byte[] onnx, Map<String, String> provenance) {
        return new Manifest(
                "m",
                version,
                parent,
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
