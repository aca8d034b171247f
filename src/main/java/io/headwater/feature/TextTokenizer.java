package io.headwater.feature;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns a text into the token ids that a language model was trained on, by the {@code tokenizer.json} that came with
 * the model, in rows of one fixed length.
 *
 * <p>Any number of threads may encode at the same time; only {@link #close()} must come after the last of them. An id
 * depends on the file and the text alone: what the file says about padding and truncation is put aside.
 */
public final class TextTokenizer implements AutoCloseable {
    /*
     * A text is cut to a bounded number of characters before the tokenizer sees it, or one record of 100 MB would hold
     * a scoring thread for seconds. Tokens of the known vocabularies average 2 to 5 characters; only a text whose first
     * 64 characters per token are nearly all blanks could tell the difference.
     */
    private static final int CHARS_PER_TOKEN = 64;

    private static final int MAX_TOKENS = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final long padId;
    private final OptionalLong maskTokenId;
    private final String sha256;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxTokens, JsonNode json, String sha256) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.padId = padId(json);
        this.maskTokenId = special(json, "[MASK]", "<mask>");
        this.sha256 = sha256;
    }

    /**
     * The tokenizer that {@code tokenizerJson}, a Hugging Face {@code tokenizer.json}, describes.
     *
     * @param maxTokens the length of a row, special tokens included
     * @throws IllegalArgumentException if the file is not such a description, or its special tokens alone exceed
     *     {@code maxTokens}
     */
    public static TextTokenizer load(byte[] tokenizerJson, int maxTokens) {
        if (maxTokens < 1 || maxTokens > MAX_TOKENS) {
            throw new IllegalArgumentException("max tokens is " + maxTokens + "; allowed are 1 to " + MAX_TOKENS);
        }
        ObjectNode json = parse(tokenizerJson);
        String sha256 = sha256(tokenizerJson);
        json.putNull("padding");
        json.putNull("truncation");
        HuggingFaceTokenizer probe = open(json, Map.of("padding", "false", "truncation", "false"));
        int specials;
        try (probe) {
            specials = probe.encode("").getIds().length;
        }
        if (specials > maxTokens) {
            throw new IllegalArgumentException("max tokens is " + maxTokens + ", but this tokenizer puts " + specials
                    + " special tokens around every text; allowed are " + specials + " to " + MAX_TOKENS);
        }
        String length = Integer.toString(maxTokens);
        HuggingFaceTokenizer tokenizer = open(
                json, Map.of("padding", "false", "truncation", "true", "maxLength", length, "modelMaxLength", length));
        return new TextTokenizer(tokenizer, maxTokens, parse(tokenizerJson), sha256);
    }

    private static ObjectNode parse(byte[] tokenizerJson) {
        try {
            JsonNode json = JSON.readTree(tokenizerJson);
            if (json instanceof ObjectNode object && json.path("model").isObject()) {
                return object;
            }
            throw new IllegalArgumentException("not a tokenizer.json: it has no object \"model\"; allowed is the file"
                    + " that Hugging Face's fast tokenizers write");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not a tokenizer.json: it is no JSON, " + e.getOriginalMessage()
                            + (e.getLocation() == null
                                    ? ""
                                    : " at line " + e.getLocation().getLineNr()),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a tokenizer.json: " + e.getMessage(), e);
        }
    }

    private static HuggingFaceTokenizer open(ObjectNode json, Map<String, String> options) {
        // DJL would report its use to its makers, and on a machine with CUDA download a build of the tokenizer for it.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(JSON.writeValueAsBytes(json)), options);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("this tokenizer.json cannot be used: " + e.getMessage(), e);
        }
    }

    private static long padId(JsonNode json) {
        JsonNode stated = json.path("padding").path("pad_id");
        return stated.isIntegralNumber()
                ? stated.asLong()
                : special(json, "[PAD]", "<pad>").orElse(0);
    }

    private static OptionalLong special(JsonNode json, String... names) {
        for (String name : names) {
            for (JsonNode token : json.path("added_tokens")) {
                if (token.path("content").asText().equals(name)) {
                    return OptionalLong.of(token.path("id").asLong());
                }
            }
        }
        return OptionalLong.empty();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /**
     * Writes {@code maxTokens} values into each buffer, from index {@code at} on: the token ids, 1 for a token and 0 for
     * padding, and the token types. A longer text loses its end, not the special token that closes it; the rest of a
     * shorter one is filled with {@link #padId()}, 0 and 0. A missing text is the empty one. Of each text the first
     * {@code 64 * maxTokens} characters count. The buffers' positions stay.
     *
     * @param mask null where nobody reads it
     * @param types null where nobody reads them
     */
    public void encode(
            @Nullable String text, LongBuffer ids, @Nullable LongBuffer mask, @Nullable LongBuffer types, int at) {
        Encoding encoding = tokenizer.encode(text == null ? "" : bounded(text));
        long[] tokens = encoding.getIds();
        ids.put(at, tokens);
        for (int i = at + tokens.length; i < at + maxTokens; i++) {
            ids.put(i, padId);
        }
        padded(mask, encoding.getAttentionMask(), at);
        padded(types, encoding.getTypeIds(), at);
    }

    private void padded(@Nullable LongBuffer to, long[] values, int at) {
        if (to != null) {
            to.put(at, values);
            for (int i = at + values.length; i < at + maxTokens; i++) {
                to.put(i, 0);
            }
        }
    }

    private String bounded(String text) {
        int end = CHARS_PER_TOKEN * maxTokens;
        if (text.length() <= end) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    /** The length of every row. */
    public int maxTokens() {
        return maxTokens;
    }

    /** What fills a row behind its text: the file's padding token, else {@code [PAD]} or {@code <pad>}, else 0. */
    public long padId() {
        return padId;
    }

    /** The token {@code [MASK]} or {@code <mask>}, which stands for a hidden word; empty if the vocabulary has none. */
    public OptionalLong maskTokenId() {
        return maskTokenId;
    }

    /** SHA-256 of the file's bytes, in hexadecimal. */
    public String sha256() {
        return sha256;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
