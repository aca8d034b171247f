package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.ServiceAddress;
import io.headwater.registry.VersionStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's word while no service runs: it is kept for when one does. */
class ModelsApprovalTest {
    @TempDir
    private Path work;

    @BeforeEach
    void versionTwoWaits() {
        try (VersionStore store = open()) {
            store.add(manifest(1), new byte[] {1}, new byte[] {1});
            store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", 0);
            store.add(manifest(2).unapproved(), new byte[] {2}, new byte[] {2});
            store.approvals().propose(2, 1, 60_000);
        }
    }

    @Test
    void list_andShow_tellWhatWaits() throws Exception {
        assertThat(models("list").out()).containsPattern(" 1 serving ").containsPattern(" 2 waiting ");

        JsonNode shown = models("show", "--version", "2", "--json").json();
        assertThat(shown.path("state").asText()).isEqualTo("waiting");
        assertThat(shown.path("waiting").path("since").asText()).isEqualTo("1970-01-01T00:01:00Z");
        assertThat(shown.path("waiting").has("now")).as("no line runs").isFalse();
    }

    @Test
    void approve_isKeptWithWhoAndWhy_andServesNothingYet() {
        CommandRun run = models("approve", "--version", "2", "--by", "ann", "--note", "good");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("version 2 of m is approved: it serves as soon as training has recorded it");
        try (VersionStore store = open()) {
            assertThat(store.served()).hasValue(1);
            assertThat(store.waiting().orElseThrow().approvedBy()).isEqualTo("ann");
            assertThat(store.audit(1_000)).last().extracting(AuditRecord::why).isEqualTo("good");
        }
    }

    @Test
    void reject_leavesNothingWaiting() {
        assertThat(models("reject", "--version", "2", "--by", "ann").status()).isZero();

        assertThat(models("list").out()).containsPattern(" 2 kept ");
        CommandRun late = models("approve", "--version", "2", "--by", "ben");
        assertThat(late.status()).isEqualTo(1);
        assertThat(late.err().strip()).isEqualTo("version 2 of 'm' does not wait for approval, and none does");
    }

    @Test
    void approve_withoutTheVersionThatWasLookedAt_isWrongUsage() {
        CommandRun run = models("approve");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("approve needs --version N: the one that you looked at");
    }

    @Test
    void approve_inTheNameOfTheGate_isRefused() {
        assertThat(models("approve", "--version", "2", "--by", "gate").status()).isEqualTo(1);
    }

    @Test
    void damagedTrail_isToldAlsoWhereAServiceLeftItsAddress() throws Exception {
        ServiceAddress.write(work.resolve("models/m"), URI.create("http://127.0.0.1:1"));
        Files.writeString(work.resolve("models/m/audit.jsonl"), "damaged\n");

        CommandRun run = models("list");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("audit.jsonl has no audit record in the line at byte 0");
    }

    @Test
    void versionsOfAnotherProcess_areLookedAtAndNotChanged() {
        try (VersionStore store = open()) {
            store.mirror(manifest(3), new byte[] {3});
            store.serve(3, AuditRecord.GATE, Action.PROMOTE, "announced", 0);
        }

        for (String change : List.of("promote", "rollback", "pin")) {
            CommandRun run = models(change, "--version", "1");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("follow another process");
        }
        assertThat(models("list").out()).containsPattern(" 3 serving ");
    }

    @Test
    void audit_last_tellsTheNewest() throws Exception {
        assertThat(models("pin", "--version", "1").status()).isZero();

        JsonNode told = models("audit", "--last", "1", "--json").json().path("audit");

        assertThat(told).hasSize(1);
        assertThat(told.get(0).path("action").asText()).isEqualTo("PIN");
        assertThat(models("audit", "--last", "0").err()).contains("from 1 to 100000");
        assertThat(models("list", "--last", "5").status()).isEqualTo(2);
    }

    private CommandRun models(String... words) {
        ModelsCommand command = new ModelsCommand((folder, config, model, version, fromStart, progress) -> {
            throw new UnsupportedOperationException();
        });
        return CommandRun.of(
                command,
                Stream.concat(Arrays.stream(words), Stream.of("--model", "m", "--work", work.toString()))
                        .toArray(String[]::new));
    }

    private VersionStore open() {
        return VersionStore.open(work.resolve("models"), "m", 10);
    }

    private static Manifest manifest(long version) {
        return new Manifest(
                "m",
                version,
                version - 1,
                0,
                0,
                Manifest.sha256(new byte[] {(byte) version}),
                "weights",
                0,
                0,
                0,
                Map.of(),
                "cut",
                new Manifest.Features(List.of(), List.of(), 2, "rule", "", ""),
                Map.of(),
                "better",
                AuditRecord.GATE,
                "",
                Map.of());
    }
}
