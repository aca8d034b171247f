package io.headwater.feature;

import io.headwater.event.Event;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns one field of text into the int64 tensors that a language model reads. */
public final class TextEncoder implements RowEncoder {
    /**
     * What a model calls its inputs.
     *
     * @param ids token ids
     * @param mask 1 for a token, 0 for padding; empty where the model has no such input
     * @param types token types; empty where the model has no such input
     */
    public record Names(String ids, String mask, String types) {}

    private static final int NONE = -1;

    private final TextTokenizer tokenizer;
    private final int field;
    private final RowLayout layout;
    private final int ids;
    private final int mask;
    private final int types;

    /**
     * @param tokenizer closed with the encoder
     * @param field the slot of the text in {@link Event#text()}
     */
    public TextEncoder(TextTokenizer tokenizer, int field, Names names) {
        this.tokenizer = tokenizer;
        this.field = field;
        List<RowTensor> tensors = new ArrayList<>();
        for (String name : List.of(names.ids(), names.mask(), names.types())) {
            if (!name.isEmpty()) {
                tensors.add(RowTensor.longs(name, List.of(tokenizer.maxTokens())));
            }
        }
        this.layout = new RowLayout(tensors, "tokenizer " + tokenizer.sha256());
        this.ids = layout.indexOf(names.ids());
        this.mask = names.mask().isEmpty() ? NONE : layout.indexOf(names.mask());
        this.types = names.types().isEmpty() ? NONE : layout.indexOf(names.types());
    }

    @Override
    public RowLayout layout() {
        return layout;
    }

    @Override
    public void encode(Event event, FeatureBatch batch) {
        if (field >= event.text().length) {
            throw new IllegalArgumentException("event '" + event.id() + "' has " + event.text().length
                    + " text fields; slot " + field + " was expected");
        }
        int at = batch.nextRow() * tokenizer.maxTokens();
        tokenizer.encode(event.text()[field], batch.longs(ids), longs(batch, mask), longs(batch, types), at);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static @Nullable LongBuffer longs(FeatureBatch batch, int tensor) {
        return tensor == NONE ? null : batch.longs(tensor);
    }
}
