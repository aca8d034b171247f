package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which version serves, what is told of it, and which versions are kept. */
class VersionChoiceTest extends StoredVersions {
    @Test
    void served_isTheLastOneChosenAndOutlivesTheProcess() {
        try (VersionStore store = open(10)) {
            addAll(store, 1, 3);
            store.serve(1, "source", Action.PROMOTE, "the source model", NOW);
            store.serve(3, "gate", Action.PROMOTE, "not worse", NOW + 1);
            store.serve(1, "maria", Action.ROLL_BACK, "complaints", NOW + 2);
            assertThat(store.served()).hasValue(1);
        }
        try (VersionStore store = open(10)) {
            assertThat(store.served()).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"version\": 0}", "{\"version\": \"x\"}", "{\"vers"})
    void servedPointerThatSaysNothing_isAClearError(String content) throws IOException {
        try (VersionStore store = open(10)) {
            Files.writeString(root.resolve("flights/served.json"), content);

            assertThatThrownBy(store::served)
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("served.json does not say which version serves");
        }
    }

    @Test
    void audit_tellsEveryChoiceInOrder() {
        AuditRecord first = new AuditRecord(NOW, "source", Action.PROMOTE, 1, 0, "the source model");
        AuditRecord second = new AuditRecord(NOW + 1, "gate", Action.PROMOTE, 2, 1, "log loss -0.1\nnats \u00fc \"q\"");
        AuditRecord third = new AuditRecord(NOW + 2, "maria", Action.ROLL_BACK, 1, 2, "");
        try (VersionStore store = open(10)) {
            addAll(store, 1, 2);
            for (AuditRecord record : List.of(first, second, third)) {
                store.serve(record.version(), record.who(), record.action(), record.why(), record.timeMs());
            }
        }

        try (VersionStore store = open(10)) {
            assertThat(store.audit(1_000)).containsExactly(first, second, third);
            assertThat(store.previous()).as("before version 1").isEmpty();
            store.serve(2, "maria", Action.PROMOTE, "again", NOW + 3);
            assertThat(store.previous()).hasValue(1);
        }
    }

    @Test
    void hasServed_isKnownAlsoOfWhatWasDeleted() {
        try (VersionStore store = open(1)) {
            addAll(store, 1, 4);
            store.serve(2, "gate", Action.PROMOTE, "better", NOW);
            store.serve(4, "gate", Action.PROMOTE, "better", NOW);
            assertThat(store.forgetOld(NOW)).containsExactly(2L, 3L);

            assertThat(store.hasServed(2)).isTrue();
            assertThat(store.hasServed(3)).isFalse();
            assertThat(store.hasServed(4)).isTrue();
        }
    }

    @Test
    void auditLineThatACrashCutShort_isDroppedAndTheTrailGoesOn() throws IOException {
        // Given every way in which the append of the second line can end early
        Path trail = root.resolve("flights/audit.jsonl");
        try (VersionStore store = open(10)) {
            addAll(store, 1, 2);
            store.serve(1, "source", Action.PROMOTE, "first", NOW);
        }
        byte[] first = Files.readAllBytes(trail);
        byte[] second = "{\"timeMs\":1,\"who\":\"gate\",\"action\":\"PROMOTE\"".getBytes(StandardCharsets.UTF_8);
        for (int cut = 1; cut <= second.length; cut += 9) {
            Files.write(trail, first);
            Files.write(trail, java.util.Arrays.copyOf(second, cut), StandardOpenOption.APPEND);

            try (VersionStore store = open(10)) {
                assertThat(store.audit(1_000)).hasSize(1);
                store.serve(2, "gate", Action.PROMOTE, "second", NOW);
                assertThat(store.audit(1_000)).extracting(AuditRecord::why).containsExactly("first", "second");
            }
        }
    }

    @Test
    void auditWhoseOnlyLineIsTorn_isEmpty() throws IOException {
        Files.createDirectories(root.resolve("flights"));
        Files.writeString(root.resolve("flights/audit.jsonl"), "{\"timeMs\":1,");

        try (VersionStore store = open(10)) {
            assertThat(store.audit(1_000)).isEmpty();
        }
    }

    @Test
    void retention_keepsTheNewestTheSourceAndTheServed() {
        try (VersionStore store = open(2)) {
            addAll(store, 1, 6);

            store.serve(4, "gate", Action.PROMOTE, "not worse", NOW);
            assertThat(store.forgetOld(NOW)).containsExactly(2L, 3L);
            assertThat(store.numbers()).containsExactly(1L, 4L, 5L, 6L);

            addAll(store, 7, 9);
            store.serve(9, "gate", Action.PROMOTE, "not worse", NOW);
            store.forgetOld(NOW);
            assertThat(store.numbers()).containsExactly(1L, 8L, 9L);
        }
    }

    @Test
    void retention_leavesWhatARecoveryNeeds() {
        try (VersionStore store = open(1)) {
            store.needFrom(4);
            addAll(store, 1, 6);
            store.serve(6, "gate", Action.PROMOTE, "not worse", NOW);

            store.forgetOld(NOW);

            assertThat(store.numbers()).containsExactly(1L, 4L, 5L, 6L);
        }
    }

    @Test
    void retention_ofAge_takesOldOnesHoweverFewThereAre() {
        Retention aDay = new Retention(100, Duration.ofDays(1));
        try (VersionStore store = VersionStore.open(root, "flights", aDay)) {
            store.needFrom(Long.MAX_VALUE);
            addAll(store, 1, 4);
            store.serve(3, "gate", Action.PROMOTE, "not worse", NOW);
            long dayMs = Duration.ofDays(1).toMillis();

            assertThat(store.forgetOld(NOW + dayMs)).isEmpty();
            assertThat(store.forgetOld(NOW + dayMs + 1)).containsExactly(2L);

            assertThat(store.numbers()).containsExactly(1L, 3L, 4L);
            assertThat(store.audit(1_000))
                    .last()
                    .isEqualTo(
                            new AuditRecord(NOW + dayMs + 1, "retention", Action.DELETE, 2, 3, "older than 24 hours"));
        }
    }

    @Test
    void retention_neverTakesPinnedOnes_untilTheyAreNot() {
        try (VersionStore store = open(1)) {
            addAll(store, 1, 5);
            store.serve(5, "gate", Action.PROMOTE, "not worse", NOW);
            store.pin(3, "maria", "an inquiry", NOW);
            store.forgetOld(NOW);
            assertThat(store.numbers()).containsExactly(1L, 3L, 5L);
        }
        try (VersionStore store = open(1)) {
            assertThat(store.pinned()).containsExactly(3L);
            store.unpin(3, "maria", "closed", NOW + 1);
            store.forgetOld(NOW + 1);
            assertThat(store.numbers()).containsExactly(1L, 5L);
            assertThat(store.audit(1_000))
                    .extracting(AuditRecord::action)
                    .containsExactly(
                            Action.PROMOTE, Action.PIN, Action.DELETE, Action.DELETE, Action.UNPIN, Action.DELETE);
        }
    }

    @Test
    void pin_twice_orOfWhatIsNotThere_isRefusedAndLeavesNoTrace() {
        try (VersionStore store = open(10)) {
            addAll(store, 1, 2);
            store.pin(2, "maria", "", NOW);

            assertThatThrownBy(() -> store.pin(2, "maria", "", NOW)).hasMessageContaining("is pinned already");
            assertThatThrownBy(() -> store.unpin(1, "maria", "", NOW)).hasMessageContaining("is not pinned");
            assertThatThrownBy(() -> store.pin(7, "maria", "", NOW)).hasMessageContaining("has no version 7");
            assertThat(store.audit(1_000)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate", "retention"})
    void operator_mayNotPassForAPartOfTheProgram(String who) {
        try (VersionStore store = open(10)) {
            addAll(store, 1, 2);

            assertThatThrownBy(() -> store.choose(2, who, Action.PROMOTE, "", NOW))
                    .hasMessageContaining(who);
            assertThatThrownBy(() -> store.pin(2, who, "", NOW)).hasMessageContaining(who);
            assertThat(store.audit(1_000)).isEmpty();
        }
    }

    @Test
    void choose_theOneThatServes_isRefused() {
        try (VersionStore store = open(10)) {
            addAll(store, 1, 2);
            store.serve(2, "gate", Action.PROMOTE, "not worse", NOW);

            assertThatThrownBy(() -> store.choose(2, "maria", Action.ROLL_BACK, "again", NOW))
                    .hasMessageContaining("serves already");
            assertThat(store.audit(1_000)).hasSize(1);
        }
    }

    @Test
    void retention_keepsWhatAnOperatorEverChose_becauseTheLineageNamesIt() {
        try (VersionStore store = open(3)) {
            addAll(store, 1, 5);
            store.serve(3, "maria", Action.ROLL_BACK, "complaints", NOW);
            store.serve(2, "maria", Action.PROMOTE, "that one", NOW);
            addAll(store, 6, 9);

            store.serve(9, "gate", Action.PROMOTE, "not worse", NOW);
            store.forgetOld(NOW);
            assertThat(store.numbers()).containsExactly(1L, 2L, 3L, 7L, 8L, 9L);
        }
        // And a later process knows it from the audit trail
        try (VersionStore store = open(1)) {
            store.forgetOld(NOW);
            assertThat(store.numbers()).containsExactly(1L, 2L, 3L, 9L);
            assertThat(store.onnx(3)).isEqualTo(onnx(3));
        }
    }
}
