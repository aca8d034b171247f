package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.registry.CheckpointStore.Restored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
    /** Where the parts of a file begin: magic, format, sequence, length, hash, payload. */
    private static final int FORMAT_AT = 4;

    private static final int LENGTH_AT = 16;

    @TempDir
    private Path home;

    private Path directory;
    private CheckpointStore store;

    @BeforeEach
    void openStore() {
        directory = home.resolve("data/flights/checkpoints");
        store = new CheckpointStore(directory, 3);
    }

    @Test
    void newest_beforeAnyWasWritten_isEmpty() throws IOException {
        assertThat(store.newest()).isEmpty();
        Files.createDirectories(directory);
        assertThat(store.newest()).isEmpty();
    }

    @Test
    void newest_isTheLastWritten() throws IOException {
        for (long sequence : new long[] {7, 9, 10, 100, 1_000_000_000_000L}) {
            store.write(sequence, payload(sequence));

            assertWhole(sequence);
        }
        assertThat(new CheckpointStore(directory, 3).newest().orElseThrow().sequence())
                .as("seen by another process")
                .isEqualTo(1_000_000_000_000L);
    }

    @Test
    void write_ofTheSameSequenceAgain_replacesIt() throws IOException {
        store.write(5, payload(1));
        store.write(5, payload(2));

        assertThat(store.newest().orElseThrow().payload()).isEqualTo(payload(2));
        assertThat(names()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000})
    void payload_ofAnySize_comesBack(int bytes) throws IOException {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) 0xA5);

        store.write(1, payload);

        assertThat(store.newest().orElseThrow().payload()).isEqualTo(payload);
    }

    @Test
    void write_keepsTheNewestAndNoMore() throws IOException {
        for (long sequence = 1; sequence <= 10; sequence++) {
            store.write(sequence, payload(sequence));
        }

        assertThat(names())
                .containsExactly(
                        "00000000000000000008.checkpoint",
                        "00000000000000000009.checkpoint",
                        "00000000000000000010.checkpoint");
    }

    @Test
    void write_leavesThoseThatRebuildsBeginAt() throws IOException {
        CheckpointStore kept = new CheckpointStore(
                directory, 2, new CheckpointStore.Beginnings(10, () -> List.of(0L, 25L, 29L, 40L, 75L)));
        for (long sequence = 10; sequence <= 100; sequence += 10) {
            kept.write(sequence, payload(sequence));
        }

        assertThat(names())
                .extracting(name -> Long.parseLong(name.substring(0, 20)))
                .containsExactly(20L, 40L, 70L, 90L, 100L);
        assertThat(kept.atOrBefore(39).orElseThrow().sequence()).isEqualTo(20);
        assertThat(kept.atOrBefore(19)).isEmpty();
        assertThat(kept.newest().orElseThrow().sequence()).isEqualTo(100);
    }

    @Test
    void write_withTooManyBeginnings_letsThoseGoThatAreMissedLeast() throws IOException {
        CheckpointStore kept = new CheckpointStore(
                directory, 2, new CheckpointStore.Beginnings(3, () -> List.of(10L, 40L, 45L, 80L, 200L)));
        for (long sequence : new long[] {10, 40, 45, 80, 200, 300, 400}) {
            kept.write(sequence, payload(sequence));
        }

        // 45 is 5 behind 40, 10 is 10 behind the start
        assertThat(names())
                .extracting(name -> Long.parseLong(name.substring(0, 20)))
                .containsExactly(40L, 80L, 200L, 300L, 400L);
    }

    @Test
    void names_areTheSameInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            store.write(12, payload(12));
        } finally {
            Locale.setDefault(before);
        }

        assertThat(names()).containsExactly("00000000000000000012.checkpoint");
    }

    @Test
    void truncatedFile_isPassedOverAtEveryLength() throws IOException {
        store.write(1, payload(1));
        store.write(2, payload(2));
        byte[] whole = Files.readAllBytes(file(2));

        for (int length = 0; length < whole.length; length++) {
            Files.write(file(2), Arrays.copyOf(whole, length));

            assertFallsBackToOne();
        }
    }

    @Test
    void flippedBit_isNoticedWhereverItIs() throws IOException {
        store.write(1, payload(1));
        store.write(2, payload(2));
        byte[] whole = Files.readAllBytes(file(2));

        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(2), flipped);

            assertFallsBackToOne();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1347898696, it does not begin as a checkpoint does",
        "4, 2, 'its format is 2, this program reads 1'",
        "12, 3, it says that it is of step 3",
        "16, -1, its checksum does not match its content",
        "16, -2147483648, its checksum does not match its content",
        "16, 2147483647, its checksum does not match its content"
    })
    void falseHeader_isPassedOverWithItsReason(int at, int value, String reason) throws IOException {
        store.write(1, payload(1));
        store.write(2, payload(2));
        byte[] bytes = Files.readAllBytes(file(2));
        ByteBuffer.wrap(bytes).putInt(at, value);
        Files.write(file(2), bytes);

        Restored restored = assertFallsBackToOne();

        assertThat(restored.broken())
                .containsExactly("checkpoint 00000000000000000002.checkpoint is broken: " + reason);
    }

    @Test
    void hugeLength_takesNoMemory() throws IOException {
        // Given ten files that each claim two gigabytes
        store.write(1, payload(1));
        byte[] bytes = Files.readAllBytes(file(1));
        ByteBuffer.wrap(bytes).putInt(LENGTH_AT, Integer.MAX_VALUE);
        for (int sequence = 2; sequence < 12; sequence++) {
            ByteBuffer.wrap(bytes).putLong(8, sequence);
            Files.write(file(sequence), bytes);
        }

        assertThat(store.newest().orElseThrow().broken()).hasSize(10);
    }

    @Test
    void bytesAfterThePayload_areNotAWholeFile() throws IOException {
        store.write(1, payload(1));
        store.write(2, payload(2));
        byte[] bytes = Files.readAllBytes(file(2));
        Files.write(file(2), Arrays.copyOf(bytes, bytes.length + 1));

        assertFallsBackToOne();
    }

    @Test
    void allBroken_isOneClearSentence() throws IOException {
        store.write(1, payload(1));
        store.write(2, payload(2));
        Files.write(file(1), new byte[0]);
        byte[] bytes = Files.readAllBytes(file(2));
        ByteBuffer.wrap(bytes).putInt(FORMAT_AT, 9);
        Files.write(file(2), bytes);

        assertThatThrownBy(() -> store.newest())
                .isInstanceOf(RegistryException.class)
                .hasMessage("no whole checkpoint is left: checkpoint 00000000000000000002.checkpoint is broken: its"
                        + " format is 9, this program reads 1; checkpoint 00000000000000000001.checkpoint is broken:"
                        + " it ends too early");
    }

    @Test
    void crashBeforeTheRename_leavesThePreviousOne() throws IOException {
        // Given a crash that left the next checkpoint aside, half or whole
        store.write(1, payload(1));
        store.write(2, payload(2));
        byte[] next = Files.readAllBytes(file(2));
        Path aside = directory.resolve(".00000000000000000003.checkpoint.tmp");

        for (int length : new int[] {0, next.length / 2, next.length}) {
            Files.write(aside, Arrays.copyOf(next, length));

            assertWhole(2);
        }

        // And the next write takes the leftover away
        store.write(4, payload(4));
        assertWhole(4);
        assertThat(aside).doesNotExist();
    }

    @Test
    void crashInTheVeryFirstWrite_isAsIfNoneWasEverWritten() throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve(".00000000000000000001.checkpoint.tmp"), new byte[10]);

        assertThat(store.newest()).isEmpty();
    }

    @Test
    void newerBrokenOnes_doNotCrowdOutTheWholeOnes() throws IOException {
        // Given three checkpoints of which the two newest are broken
        CheckpointStore two = new CheckpointStore(directory, 3);
        two.write(10, payload(10));
        two.write(20, payload(20));
        two.write(30, payload(30));
        Files.write(file(20), new byte[3]);
        Files.write(file(30), new byte[3]);
        assertThat(two.newest().orElseThrow().sequence()).isEqualTo(10);

        // When the line goes on from the whole one
        for (long sequence = 11; sequence <= 13; sequence++) {
            two.write(sequence, payload(sequence));
            assertWhole(sequence);
        }

        // Then all that stay can be used, also past the numbers of the broken ones
        two.write(31, payload(31));
        assertThat(names())
                .containsExactly(
                        "00000000000000000012.checkpoint",
                        "00000000000000000013.checkpoint",
                        "00000000000000000031.checkpoint");
        Files.delete(file(31));
        assertWhole(13);
    }

    @Test
    void otherFiles_areLeftAlone() throws IOException {
        store.write(1, payload(1));
        Files.writeString(directory.resolve("README"), "mine");
        Files.writeString(directory.resolve("zzz.txt"), "mine");

        for (long sequence = 2; sequence < 8; sequence++) {
            store.write(sequence, payload(sequence));
        }

        assertThat(names()).hasSize(5).contains("README", "zzz.txt");
        assertWhole(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void keepingFewerThanTwo_isRefused(int keep) {
        assertThatThrownBy(() -> new CheckpointStore(directory, keep))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keep at least 2 checkpoints, not " + keep);
    }

    @Test
    void negativeSequence_isRefused() {
        assertThatThrownBy(() -> store.write(-1, payload(1))).isInstanceOf(IllegalArgumentException.class);
    }

    private Restored assertFallsBackToOne() throws IOException {
        Restored restored = store.newest().orElseThrow();
        assertThat(restored.sequence()).isEqualTo(1);
        assertThat(restored.payload()).isEqualTo(payload(1));
        assertThat(restored.broken()).hasSize(1);
        return restored;
    }

    private void assertWhole(long sequence) throws IOException {
        Restored restored = store.newest().orElseThrow();
        assertThat(restored.sequence()).isEqualTo(sequence);
        assertThat(restored.payload()).isEqualTo(payload(sequence));
        assertThat(restored.broken()).isEmpty();
    }

    private static byte[] payload(long sequence) {
        return ("the line after step " + sequence).getBytes(StandardCharsets.UTF_8);
    }

    private Path file(long sequence) {
        return directory.resolve("%020d.checkpoint".formatted(sequence));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
