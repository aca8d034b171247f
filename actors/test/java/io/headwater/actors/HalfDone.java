package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.actors.ServedProcess.Stood;
import io.headwater.fault.KillPoint;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Proof that a process was hit in the middle: the calls that it was in, and what lies half done on the disk or in the
 * broker.
 */
final class HalfDone {
    private static final int CHECKPOINT_HEADER = 4 + 4 + 8;

    private final Path model;
    private final Admin admin;
    private final RegistryWatch registry;

    /** @param model the model's folder */
    HalfDone(Path model, Admin admin, RegistryWatch registry) {
        this.model = model;
        this.admin = admin;
        this.registry = registry;
    }

    /** What the broker has open, while the process stands. */
    void checkStanding(KillPoint point, Stood stood) {
        switch (point) {
            case LINEAGE_FLUSH -> awaitTransaction("headwater-train-", TransactionState.ONGOING);
            case LINEAGE_FLUSHED -> awaitTransaction("headwater-train-", TransactionState.COMPLETE_COMMIT);
            case OFFSET_COMMIT -> awaitTransaction("headwater-score-", TransactionState.ONGOING);
            case POLL -> assertIn(stood, "PollTurns.handOver");
            case FORWARD, BACKWARD -> assertIn(stood, "GradientScope.backward", "LearningLine.step");
            case OPTIMIZER_STEP -> assertIn(stood, "AdamW.step", "LearningLine.step");
            case LEARNED -> assertIn(stood, "LearningLine.labeled");
            case FSYNC -> assertIn(stood, "DurableFiles.put");
            case SWAP -> assertIn(stood, "ModelSlot.swap", "ServingActor.onServe");
            default -> {
                // The disk tells.
            }
        }
    }

    private static void assertIn(Stood stood, String... calls) {
        assertThat(List.of(calls)).as("%s", stood).allMatch(stood::isIn);
    }

    private void awaitTransaction(String prefix, TransactionState state) {
        // What was sent before the stand is on its way.
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(transactions())
                        .filteredOn(listing -> listing.transactionalId().startsWith(prefix))
                        .extracting(TransactionListing::state)
                        .contains(state));
    }

    private List<TransactionListing> transactions() throws ExecutionException, InterruptedException {
        return List.copyOf(admin.listTransactions().all().get());
    }

    /** What lies on the disk, once the process is dead. */
    void checkDead(KillPoint point) throws IOException {
        switch (point) {
            case CHECKPOINT_WRITE -> assertHalfACheckpoint();
            case VERSION_WRITE ->
                assertThat(aside(model))
                        .as("a version's folder aside with a model and no manifest")
                        .anyMatch(folder -> Files.exists(folder.resolve("model.onnx"))
                                && !Files.exists(folder.resolve("manifest.json")));
            case AUDIT_APPEND -> {
                byte[] trail = Files.readAllBytes(model.resolve("audit.jsonl"));
                assertThat(trail[trail.length - 1])
                        .as("last byte of the audit trail")
                        .isNotEqualTo((byte) '\n');
            }
            case RENAME ->
                assertThat(Stream.of(model, model.resolve("checkpoints"), model.resolveSibling("."))
                                .flatMap(HalfDone::temporary))
                        .as("files without their names")
                        .isNotEmpty();
            case CHOICE -> assertThat(registry.lastChosen()).isGreaterThan(registry.servedNow());
            case VERSION_PUBLISH -> assertThat(registry.newest()).isGreaterThan(registry.servedNow());
            default -> {
                // Told while it stood.
            }
        }
    }

    private void assertHalfACheckpoint() throws IOException {
        List<Path> halves = temporary(model.resolve("checkpoints")).toList();
        assertThat(halves).hasSize(1);
        try (DataInputStream in = new DataInputStream(Files.newInputStream(halves.get(0)))) {
            assertThat(in.skip(CHECKPOINT_HEADER)).isEqualTo(CHECKPOINT_HEADER);
            assertThat(Files.size(halves.get(0)))
                    .as("bytes of a checkpoint that says how long it is")
                    .isLessThan(in.readInt());
        }
    }

    private static List<Path> aside(Path folder) {
        return list(folder)
                .filter(entry -> entry.getFileName().toString().startsWith(".aside-"))
                .toList();
    }

    private static Stream<Path> temporary(Path folder) {
        return list(folder).filter(entry -> entry.getFileName().toString().endsWith(".tmp"));
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
