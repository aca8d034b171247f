package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionStoreTest extends StoredVersions {
    @Test
    void newStore_isEmpty() {
        try (VersionStore store = open(10)) {
            assertThat(store.numbers()).isEmpty();
            assertThat(store.served()).isEmpty();
            assertThat(store.previous()).isEmpty();
            assertThat(store.audit(1_000)).isEmpty();
            assertThat(store.nextNumber()).isEqualTo(1);
        }
    }

    @Test
    void add_writesTheLayoutOfAModelRepository() throws IOException {
        try (VersionStore store = open(10)) {
            ModelVersion version = store.add(manifest(1), onnx(1), learner(1));
            store.source().keep(new byte[] {1, 2, 3}, new byte[] {5, 6}, Map.of("model.onnx", new byte[] {4}));

            assertThat(version).hasToString("flights/1");
            assertThat(root.resolve("flights/1/model.onnx")).hasBinaryContent(onnx(1));
            assertThat(root.resolve("flights/1/learner.bin")).hasBinaryContent(learner(1));
            JsonNode json = new ObjectMapper()
                    .readTree(root.resolve("flights/1/manifest.json").toFile());
            assertThat(json.path("model").asText()).isEqualTo("flights");
            assertThat(json.path("version").asLong()).isEqualTo(1);
            assertThat(json.path("onnxSha256").asText()).isEqualTo(DurableFiles.sha256(onnx(1)));
            assertThat(json.path("positions").path("labels-0").asLong()).isEqualTo(41);
            assertThat(json.path("features").path("numeric").get(0).asText()).isEqualTo("distance");
            assertThat(store.source().bytes()).containsExactly(1, 2, 3);
            assertThat(store.source().rows()).hasValue(new byte[] {5, 6});
            assertThat(store.source().files()).containsExactly("source.bin", "source/model.onnx");
        }
    }

    @Test
    void manifest_comesBackAsItWas() {
        try (VersionStore store = open(10)) {
            store.add(manifest(1), onnx(1), learner(1));

            assertThat(store.manifest(1)).isEqualTo(manifest(1));
            assertThat(store.onnx(1)).isEqualTo(onnx(1));
            assertThat(store.learner(1)).isEqualTo(learner(1));
        }
    }

    @Test
    void manifest_withFiguresThatAreNotNumbers_comesBack() {
        Map<String, Double> gate = Map.of("roc_auc", Double.NaN, "log_loss", Double.POSITIVE_INFINITY, "zero", -0.0);
        try (VersionStore store = open(10)) {
            store.add(manifest(1, gate), onnx(1), learner(1));

            assertThat(store.manifest(1).gate()).isEqualTo(gate);
        }
    }

    @Test
    void manifestOfBeforeThereWereNotes_hasNone() throws IOException {
        try (VersionStore store = open(10)) {
            store.add(manifest(1), onnx(1), learner(1));
            Path file = root.resolve("flights/1/manifest.json");
            String written = Files.readString(file);
            String older = written.replaceAll("\\s*\"notes\"\\s*:\\s*\"[^\"]*\",", "");
            assertThat(older).isNotEqualTo(written);
            Files.writeString(file, older);

            assertThat(store.manifest(1).notes()).isEmpty();
            assertThat(store.manifest(1).verdict()).isEqualTo(manifest(1).verdict());
        }
    }

    @Test
    void manifestThatCannotBeRead_isAClearError() throws IOException {
        try (VersionStore store = open(10)) {
            store.add(manifest(1), onnx(1), learner(1));
            Files.writeString(root.resolve("flights/1/manifest.json"), "{\"model\": \"fli");

            assertThatThrownBy(() -> store.manifest(1))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageStartingWith("the manifest of version 1 cannot be read");
        }
    }

    @Test
    void add_withAHashOfOtherBytes_isRefused() {
        try (VersionStore store = open(10)) {
            assertThatThrownBy(() -> store.add(manifest(1), onnx(2), learner(1)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage("flights/1: the manifest's hash is not that of the model file");
            assertThat(store.numbers()).isEmpty();
        }
    }

    @Test
    void add_ofAnotherModel_isRefused() {
        try (VersionStore store = VersionStore.open(root, "fraud", 10)) {
            assertThatThrownBy(() -> store.add(manifest(1), onnx(1), learner(1)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage("the manifest is of model 'flights', this registry of 'fraud'");
        }
    }

    @Test
    void onnx_changedOnDisk_isNotHandedOut() throws IOException {
        try (VersionStore store = open(10)) {
            store.add(manifest(1), onnx(1), learner(1));
            Path file = root.resolve("flights/1/model.onnx");
            byte[] bytes = Files.readAllBytes(file);
            bytes[3] ^= 1;
            Files.write(file, bytes);

            assertThatThrownBy(() -> store.onnx(1))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("version 1 of 'flights' was changed after it was written");
        }
    }

    @Test
    void missingVersion_isNamedWithThoseThatExist() {
        try (VersionStore store = open(10)) {
            addAll(store, 1, 3);

            for (Runnable asks : List.<Runnable>of(
                    () -> store.onnx(7),
                    () -> store.learner(7),
                    () -> store.manifest(7),
                    () -> store.serve(7, "maria", Action.ROLL_BACK, "why", NOW))) {
                assertThatThrownBy(asks::run)
                        .isInstanceOf(RegistryException.class)
                        .hasMessage("model 'flights' has no version 7; it has [1, 2, 3]");
            }
            assertThat(store.audit(1_000)).isEmpty();
        }
    }

    @Test
    void halfWrittenVersion_isSweptAndNeverListed() throws IOException {
        // Given a crash while version 2 was written
        try (VersionStore store = open(10)) {
            addAll(store, 1, 1);
        }
        Path half = Files.createDirectories(root.resolve("flights/.aside-2"));
        Files.write(half.resolve("model.onnx"), onnx(2));

        try (VersionStore store = open(10)) {
            assertThat(half).doesNotExist();
            assertThat(store.numbers()).containsExactly(1L);
            store.add(manifest(2), onnx(2), learner(2));
            assertThat(store.onnx(2)).isEqualTo(onnx(2));
        }
    }

    @Test
    void add_leavesNothingAside() throws IOException {
        try (VersionStore store = open(1)) {
            for (long number = 1; number <= 4; number++) {
                store.add(manifest(number), onnx(number), learner(number));
                store.serve(number, "gate", Action.PROMOTE, "better", NOW);
                store.forgetOld(NOW);
            }
        }

        assertThat(entries("flights")).containsExactlyInAnyOrder(".lock", "1", "4", "served.json", "audit.jsonl");
    }

    @Test
    void secondOpenInThisProcess_isRefusedAndLeavesTheLockHeld() throws Exception {
        try (VersionStore store = open(10)) {
            assertThatThrownBy(() -> open(10))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage("model 'flights' in " + root + " is in use by another process; stop it, or send the"
                            + " command to its admin address");

            assertThat(store.numbers()).isEmpty();
            assertThat(anotherProcessMayLock()).isFalse();
        }
        assertThat(anotherProcessMayLock()).isTrue();
        open(10).close();
    }

    @Test
    void openWhileAnotherProcessHoldsIt_isRefused() throws Exception {
        Files.createDirectories(root.resolve("flights"));
        Process holder = lockProbe("hold");
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("locked");

            assertThatThrownBy(() -> open(10))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("is in use by another process");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        open(10).close();
    }

    private boolean anotherProcessMayLock() throws Exception {
        Process process = lockProbe("try");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return "locked".equals(process.inputReader().readLine());
    }

    private Process lockProbe(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        Path.of("target", "test-classes").toAbsolutePath().toString(),
                        LockProbe.class.getName(),
                        root.resolve("flights/.lock").toString(),
                        what)
                .start();
    }

    @Test
    void close_twice_isHarmless() {
        VersionStore store = open(10);
        store.close();
        VersionStore next = open(10);

        store.close();

        assertThatThrownBy(() -> open(10)).isInstanceOf(RegistryException.class);
        next.close();
    }

    @Test
    void twoModels_areOpenAtOnce() {
        try (VersionStore flights = open(10);
                VersionStore fraud = VersionStore.open(root, "fraud-v2_eu", 10)) {
            addAll(flights, 1, 2);

            assertThat(fraud.numbers()).isEmpty();
        }
    }

    @Test
    void numbers_areNeverUsedTwice() throws IOException {
        // Given a store that kept as little as it may, with the source serving
        try (VersionStore store = open(1)) {
            addAll(store, 1, 5);
            store.serve(1, "maria", Action.ROLL_BACK, "complaints", NOW);
            store.forgetOld(NOW);
            assertThat(store.numbers()).containsExactly(1L, 5L);
            assertThat(store.nextNumber()).isEqualTo(6);

            for (long used : new long[] {5, 3, 1}) {
                assertThatThrownBy(() -> store.add(manifest(used), onnx(used), learner(used)))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("version " + used);
            }
        }

        // And a crash while version 6 was written: it was never seen, so its number is still free
        Files.createDirectories(root.resolve("flights/.aside-6"));
        try (VersionStore store = open(1)) {
            assertThat(store.nextNumber()).isEqualTo(6);
        }

        // And a crash after version 6 was whole, before it served
        try (VersionStore store = open(1)) {
            store.add(manifest(6), onnx(6), learner(6));
        }
        try (VersionStore store = open(1)) {
            assertThat(store.served()).hasValue(1);
            assertThat(store.nextNumber()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -3})
    void numbersBelowOne_areRefusedBeforeAnythingIsWritten(long number) throws IOException {
        try (VersionStore store = open(10)) {
            assertThatThrownBy(() -> store.add(manifest(number), onnx(number), learner(number)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("the next is 1");
            assertThat(entries("flights")).containsExactly(".lock");
        }
    }

    @Test
    void keepingNoVersion_isRefused() {
        assertThatThrownBy(() -> open(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rootThatIsAFile_isAClearError() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "x");

        assertThatThrownBy(() -> VersionStore.open(file, "flights", 10))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("cannot open the registry at " + file.resolve("flights"));
    }

    /** An operator deletes one that nobody can read any more, so that no row of an owner is left in it. */
    @Test
    void learnerThatWasDeleted_isNoneThatFollows() throws IOException {
        try (VersionStore store = open(10)) {
            addAll(store, 1, 2);
            store.mirror(manifest(3), onnx(3));
            Files.delete(root.resolve("flights/2/learner.bin"));

            assertThat(List.of(store.hasLearner(1), store.hasLearner(2), store.hasLearner(3)))
                    .containsExactly(true, false, false);
            assertThat(List.of(store.isMirrored(1), store.isMirrored(2), store.isMirrored(3)))
                    .containsExactly(false, false, true);
        }
    }

    @Test
    void sourceThatWasNeverKept_isAClearError() {
        try (VersionStore store = open(10)) {
            assertThatThrownBy(store.source()::bytes)
                    .isInstanceOf(RegistryException.class)
                    .hasMessageStartingWith("the source model of 'flights' cannot be read");
        }
    }
}
