package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.kafka.Announcement;
import io.headwater.ort.ModelLoadException;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.FollowedPosition;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowingActorTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

    private static final int BROKEN = 99;

    @TempDir
    Path root;

    private final TestInbox<ServingActor.Command> serving = TestInbox.create();
    private final AtomicInteger stopped = new AtomicInteger();
    private VersionStore store;
    private Map<String, String> source;
    private BehaviorTestKit<FollowingActor.Command> following;

    @BeforeEach
    void open() {
        store = VersionStore.open(root, "m", 10);
        store.source().mirror(new byte[] {4}, Map.of("learner.txt", new byte[] {5}));
        source = store.source().hashes();
        store.mirror(manifest(5, 50), new byte[] {50});
        store.serve(5, AuditRecord.GATE, Action.PROMOTE, "better", 0);
        following = BehaviorTestKit.create(FollowingActor.create(
                (sink, onFailure) -> stopped::incrementAndGet,
                store,
                FollowingActorTest::load,
                serving.getRef(),
                CLOCK));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void announced_serves_alsoWithALowerNumberThatWasNeverHere() {
        AuditRecord rolledBack = new AuditRecord(7, "ann", Action.ROLL_BACK, 3, 5, "alerts");

        following.run(new FollowingActor.Announced(
                new Announcement(manifest(3, 30), rolledBack, new byte[] {30}, at(3), source)));

        assertThat(store.served()).hasValue(3);
        assertThat(store.onnx(3)).containsExactly(30);
        assertThat(store.followed()).contains(at(3));
        assertThat(store.audit(1_000)).last().isEqualTo(rolledBack);
        ServingActor.Serve serve = (ServingActor.Serve) serving.receiveMessage();
        assertThat(serve.version()).isEqualTo(3);
        assertThat(serve.onnx()).containsExactly(30);
    }

    @Test
    void announced_again_changesNothing() {
        following.run(announced(5, 50, source));

        assertThat(serving.hasMessages()).isFalse();
        assertThat(store.audit(1_000)).hasSize(1);
    }

    @Test
    void announced_beyondTheRetention_deletesTheOldest() {
        for (int version = 6; version <= 25; version++) {
            following.run(announced(version, version, source));
        }

        assertThat(store.numbers()).hasSize(10).first().isEqualTo(16L);
    }

    /** On a full disk, say; it may be long until something else is announced. */
    @Test
    void announced_andNotWritten_isTriedAgain() throws IOException {
        Path obstacle = Files.createDirectories(root.resolve("m/.served.json.tmp/full"));

        following.run(announced(6, 60, source));

        assertThat(store.served()).hasValue(5);
        // Else a process that dies here never hears of version 6 again.
        assertThat(store.followed()).isEmpty();
        Files.delete(obstacle);
        Files.delete(root.resolve("m/.served.json.tmp"));
        following.run(following.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .map(effect -> (FollowingActor.Command) ((Effect.TimerScheduled<?>) effect).msg())
                .findFirst()
                .orElseThrow());
        assertThat(store.served()).hasValue(6);
        assertThat(((ServingActor.Serve) serving.receiveMessage()).version()).isEqualTo(6);
    }

    @Test
    void announced_onAnotherSourceModel_doesNotServe() {
        following.run(announced(6, 60, Map.of("source.bin", "other")));

        assertThat(store.served()).hasValue(5);
        assertThat(store.numbers()).containsExactly(5L);
        assertThat(store.followed()).isEmpty();
        assertThat(serving.hasMessages()).isFalse();
    }

    @Test
    void announced_underANumberThatIsAnotherVersionHere_doesNotServe() {
        following.run(announced(6, 60, source));
        serving.receiveMessage();

        following.run(announced(5, 51, source));

        assertThat(store.served()).hasValue(6);
        assertThat(store.onnx(5)).containsExactly(50);
        assertThat(serving.hasMessages()).isFalse();
    }

    /** A start would have nothing else to serve. */
    @Test
    void announced_thatDoesNotLoad_isNotRecorded() {
        following.run(announced(6, BROKEN, source));

        assertThat(store.served()).hasValue(5);
        assertThat(store.numbers()).containsExactly(5L);
        assertThat(serving.hasMessages()).isFalse();

        following.run(announced(7, 70, source));
        assertThat(store.served()).hasValue(7);
    }

    private static void load(long version, byte[] onnx) {
        if (onnx[0] == BROKEN) {
            throw new ModelLoadException("version " + version + " is no model");
        }
    }

    private static FollowingActor.Announced announced(long version, int content, Map<String, String> source) {
        return new FollowingActor.Announced(new Announcement(
                manifest(version, content),
                new AuditRecord(1, AuditRecord.GATE, Action.PROMOTE, version, 0, "better"),
                new byte[] {(byte) content},
                at(version),
                source));
    }

    private static FollowedPosition at(long version) {
        return new FollowedPosition(version, Manifest.sha256(new byte[] {(byte) version}));
    }

    private static Manifest manifest(long version, int content) {
        return RegistryOfOneModel.manifest(version, 1, new byte[] {(byte) content});
    }
}
