package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTrailTest {
    private static final int VERSIONS = 12;

    @TempDir
    Path home;

    @Test
    void fullFile_isNumberedAndReadOn() throws IOException {
        AuditTrail trail = trail(300, 1_000);
        List<AuditRecord> all = new ArrayList<>();
        for (int version = 1; version <= 20; version++) {
            all.add(record(Action.PROMOTE, version));
            trail.append(List.of(all.get(version - 1)));
        }

        assertThat(home.resolve("audit-3.jsonl")).exists();
        assertThat(home.resolve("audit-1.jsonl")).content().startsWith("{").endsWith("}\n");
        for (int most = 1; most <= 20; most++) {
            assertThat(trail(300, 1_000).newest(most)).isEqualTo(all.subList(20 - most, 20));
        }
        assertThat(trail.newest(Integer.MAX_VALUE)).isEqualTo(all);
    }

    /** The lines of blocks that are read backwards end anywhere. */
    @Test
    void newest_ofALongTrail_areTheLast() throws IOException {
        AuditTrail trail = trail(1 << 20, 100_000);
        List<AuditRecord> all = new ArrayList<>();
        for (int version = 1; version <= 3_000; version++) {
            all.add(new AuditRecord(1, "é".repeat(version % 70), Action.PIN, version, 0, "why"));
        }
        trail.append(all);

        for (int most = 1; most < 3_000; most += 97) {
            assertThat(trail.newest(most)).isEqualTo(all.subList(3_000 - most, 3_000));
        }
    }

    @Test
    void takenBack_afterTheFileBecameFull_leavesTheRest() throws IOException {
        AuditTrail trail = trail(1, 1_000);
        trail.append(List.of(record(Action.PROMOTE, 1)));

        trail.cutTo(trail.append(List.of(record(Action.PROMOTE, 2))));

        assertThat(trail.newest(10)).containsExactly(record(Action.PROMOTE, 1));
        trail.append(List.of(record(Action.PROMOTE, 3)));
        assertThat(trail.newest(10)).containsExactly(record(Action.PROMOTE, 1), record(Action.PROMOTE, 3));
    }

    @Test
    void opening_readsOnlyWhatTheDigestHasNot() throws IOException {
        AuditTrail before = trail(1 << 20, 10);
        for (int version = 1; version <= 45; version++) {
            before.append(List.of(record(Action.PROMOTE, version)));
        }
        // What is before the place that the digest is of does not matter any more
        try (var file = Files.newByteChannel(home.resolve("audit.jsonl"), StandardOpenOption.WRITE)) {
            file.write(StandardCharsets.UTF_8.encode("damaged"));
        }

        AuditTrail after = trail(1 << 20, 10);
        after.open();
        assertThat(after.digest().serves()).isEqualTo(record(Action.PROMOTE, 45));
        assertThat(after.digest().hasServed(1)).isTrue();

        // Without it all is read
        Files.delete(home.resolve("audit-digest.json"));
        assertThatThrownBy(() -> trail(1 << 20, 10).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("audit.jsonl has no audit record in the line at byte 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"place\": 1}"})
    void digestThatIsDamaged_isMadeAgain(String damaged) throws IOException {
        trail(1 << 20, 1).append(List.of(record(Action.PROMOTE, 1), record(Action.PIN, 1)));
        Files.writeString(home.resolve("audit-digest.json"), damaged);

        AuditTrail trail = trail(1 << 20, 1);
        trail.open();

        assertThat(trail.digest().serves()).isEqualTo(record(Action.PROMOTE, 1));
        assertThat(trail.digest().pins()).isEqualTo(record(Action.PIN, 1));
        assertThat(home.resolve("audit-digest.json")).content().contains("PROMOTE");
    }

    /** A backup was put back, say. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 40})
    void digestOfAnotherTrail_isMadeAgain(int length) throws IOException {
        AuditTrail before = trail(1 << 20, 1);
        for (int version = 1; version <= 20; version++) {
            before.append(List.of(record(Action.PROMOTE, version)));
        }
        Files.delete(home.resolve("audit.jsonl"));
        AuditTrail other = trail(1 << 20, 1_000);
        for (int version = 1; version <= length; version++) {
            other.append(List.of(record(Action.PIN, version)));
        }

        AuditTrail trail = trail(1 << 20, 1);
        trail.open();

        assertThat(trail.digest().serves()).isNull();
        assertThat(trail.digest().hasServed(2)).isFalse();
        assertThat(trail.digest().pins()).isEqualTo(record(Action.PIN, length));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void digestThatWasKeptOnTheWay_isTheOneOfTheWholeTrail(long seed) throws IOException {
        Random random = new Random(seed);
        AuditTrail trail = trail(2_000, 7);
        for (int i = 0; i < 200; i++) {
            AuditRecord record = new AuditRecord(
                    i,
                    random.nextBoolean() ? AuditRecord.GATE : "ann",
                    Action.values()[random.nextInt(Action.values().length)],
                    1 + random.nextInt(VERSIONS),
                    random.nextInt(VERSIONS),
                    "");
            long before = trail.append(List.of(record));
            if (random.nextInt(5) == 0) {
                trail.cutTo(before);
            }
            if (random.nextInt(10) == 0) {
                trail = trail(2_000, 7);
                trail.open();
                AuditDigest whole = new AuditDigest(new AuditFiles(home, 2_000), home.resolve("none.json"));
                whole.refresh();
                assertThat(described(trail.digest())).isEqualTo(described(whole));
            }
        }
        assertThat(home.resolve("audit-digest.json")).exists();
    }

    private static String described(AuditDigest digest) {
        StringBuilder all = new StringBuilder()
                .append(digest.serves())
                .append(digest.pins())
                .append(digest.decides())
                .append(digest.decisionIsPast())
                .append(new TreeSet<>(digest.chosen()));
        for (int version = 1; version <= VERSIONS; version++) {
            all.append(digest.hasServed(version)).append(digest.promotedOver(version));
        }
        return all.toString();
    }

    private AuditTrail trail(long fullBytes, int mostNews) {
        return new AuditTrail("flights", home, fullBytes, mostNews);
    }

    private static AuditRecord record(Action action, long version) {
        return new AuditRecord(1, "gate", action, version, version - 1, "a test");
    }
}
