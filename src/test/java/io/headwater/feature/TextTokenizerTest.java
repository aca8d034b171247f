package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokenizer of all-MiniLM-L6-v2; expected ids are those of BERT's uncased vocabulary. */
final class TextTokenizerTest {
    private static final byte[] MINILM = resource();

    private static byte[] resource() {
        try (InputStream in = TextTokenizerTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void encode_shortText_padsBehindTheClosingToken() {
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 8)) {
            assertThat(ids(tokenizer, "hello world")).containsExactly(101, 7592, 2088, 102, 0, 0, 0, 0);
            assertThat(mask(tokenizer, "hello world")).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
        }
    }

    @Test
    void encode_longText_losesItsEndButNotTheClosingToken() {
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 4)) {
            assertThat(ids(tokenizer, "hello world hello world")).containsExactly(101, 7592, 2088, 102);
        }
    }

    /** The file itself asks for 128 tokens, padded. */
    @Test
    void encode_lengthOfTheFile_doesNotLeakIn() {
        String text = "hello ".repeat(400);
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 300)) {
            long[] ids = ids(tokenizer, text);
            assertThat(ids).hasSize(300).startsWith(101, 7592).endsWith(7592, 102);
            assertThat(mask(tokenizer, "hello")).startsWith(1, 1, 1, 0).hasSize(300);
        }
    }

    @Test
    void encode_row_leavesItsNeighboursAlone() {
        LongBuffer ids = filled(12);
        LongBuffer mask = filled(12);
        LongBuffer types = filled(12);
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 4)) {
            tokenizer.encode("hello", ids, mask, types, 4);
        }
        assertThat(ids.array()).containsExactly(-7, -7, -7, -7, 101, 7592, 102, 0, -7, -7, -7, -7);
        assertThat(mask.array()).containsExactly(-7, -7, -7, -7, 1, 1, 1, 0, -7, -7, -7, -7);
        assertThat(types.array()).containsExactly(-7, -7, -7, -7, 0, 0, 0, 0, -7, -7, -7, -7);
        assertThat(ids.position()).isZero();
    }

    @Test
    void encode_missingText_isTheEmptyOne() {
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 4)) {
            assertThat(ids(tokenizer, null)).containsExactly(101, 102, 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lone \uD83D surrogate", "nul \u0000 inside", "emoji \uD83D\uDE00", "\uFFFF"})
    void encode_strangeCharacters_stillGivesARow(String text) {
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 16)) {
            assertThat(ids(tokenizer, text)).startsWith(101).contains(102);
        }
    }

    @Test
    void encode_hugeText_readsABoundedPart() {
        String beyond = " ".repeat(64 * 16) + "hello";
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 16)) {
            assertThat(ids(tokenizer, beyond)).startsWith(101, 102, 0);
            assertThat(ids(tokenizer, beyond.substring(5))).startsWith(101, 7592, 102);
        }
    }

    @Test
    void encode_manyThreads_giveTheSameRows() {
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 32)) {
            long[] expected = ids(tokenizer, "the quick brown fox 17");
            assertThat(IntStream.range(0, 2_000)
                            .parallel()
                            .mapToObj(i ->
                                    i % 2 == 0 ? ids(tokenizer, "the quick brown fox 17") : ids(tokenizer, "x" + i))
                            .filter(ids -> Arrays.equals(ids, expected)))
                    .hasSize(1_000);
        }
    }

    @Test
    void specialTokens_areThoseOfTheFile() {
        try (TextTokenizer tokenizer = TextTokenizer.load(MINILM, 4)) {
            assertThat(tokenizer.padId()).isZero();
            assertThat(tokenizer.maskTokenId()).hasValue(103);
            assertThat(tokenizer.maxTokens()).isEqualTo(4);
            assertThat(tokenizer.sha256()).matches("[0-9a-f]{64}");
        }
    }

    @Test
    void load_statedPadding_isWhatFillsARow() {
        String json = new String(MINILM, StandardCharsets.UTF_8).replace("\"pad_id\": 0", "\"pad_id\": 99");
        try (TextTokenizer tokenizer = TextTokenizer.load(json.getBytes(StandardCharsets.UTF_8), 4)) {
            assertThat(ids(tokenizer, "")).containsExactly(101, 102, 99, 99);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": | it is no JSON",
                "[1, 2] | no object \"model\"",
                "{\"model\": {\"type\": \"Nonsense\"}} | cannot be used",
            })
    void load_brokenFile_saysWhatIsWrong(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextTokenizer.load(json.getBytes(StandardCharsets.UTF_8), 16))
                .withMessageContaining(message);
    }

    @Test
    void load_rowTooShortForTheSpecialTokens_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextTokenizer.load(MINILM, 1))
                .withMessageContaining("2 special tokens");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextTokenizer.load(MINILM, 0))
                .withMessageContaining("allowed are 1 to");
    }

    private static long[] ids(TextTokenizer tokenizer, @Nullable String text) {
        LongBuffer ids = filled(tokenizer.maxTokens());
        tokenizer.encode(text, ids, filled(tokenizer.maxTokens()), filled(tokenizer.maxTokens()), 0);
        return ids.array();
    }

    private static long[] mask(TextTokenizer tokenizer, String text) {
        LongBuffer mask = filled(tokenizer.maxTokens());
        tokenizer.encode(text, filled(tokenizer.maxTokens()), mask, filled(tokenizer.maxTokens()), 0);
        return mask.array();
    }

    private static LongBuffer filled(int length) {
        long[] values = new long[length];
        Arrays.fill(values, -7);
        return LongBuffer.wrap(values);
    }
}
