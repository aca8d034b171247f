package io.headwater.backbone;

import io.headwater.event.EventLayout;
import io.headwater.feature.NumericEncoder;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.TextEncoder;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphException;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.List;

/** What a backbone reads, found from the types of its graph's inputs. */
public final class BackboneInputs {
    /** What kind of thing a backbone was trained on. */
    public enum Kind {
        TEXT("text: int64 [batch, tokens]"),
        IMAGE("images: float [batch, 3, rows, columns]"),
        NUMERIC("numbers: float [batch, N]");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private BackboneInputs() {}

    /** @throws GraphException if the inputs are of no known kind */
    public static Kind kind(OnnxGraph graph) {
        List<TensorSpec> inputs = graph.inputs();
        boolean alone = inputs.size() == 1;
        if (!inputs.isEmpty() && inputs.stream().allMatch(input -> is(input, ElementType.INT64, 2))) {
            return Kind.TEXT;
        } else if (alone && is(inputs.get(0), ElementType.FLOAT, 4)) {
            return Kind.IMAGE;
        } else if (alone && is(inputs.get(0), ElementType.FLOAT, 2)) {
            return Kind.NUMERIC;
        }
        throw new GraphException("the backbone reads " + inputs + "; allowed are " + Kind.TEXT.words + ", "
                + Kind.IMAGE.words + ", " + Kind.NUMERIC.words);
    }

    private static boolean is(TensorSpec input, ElementType type, int rank) {
        return input.type() == type && input.shape().size() == rank;
    }

    /**
     * Rows of tokens.
     *
     * @param field the slot of the text
     * @throws GraphException if {@code graph} reads no text, or rows of another length
     */
    public static RowEncoder text(OnnxGraph graph, TextTokenizer tokenizer, int field) {
        require(graph, Kind.TEXT);
        String ids = "";
        String mask = "";
        String types = "";
        for (TensorSpec input : graph.inputs()) {
            Dim tokens = input.shape().get(1);
            if (tokens.isFixed() && tokens.size() != tokenizer.maxTokens()) {
                throw new GraphException("the backbone reads " + input + ", rows of exactly that length; max-tokens is "
                        + tokenizer.maxTokens());
            }
            if (input.name().contains("mask")) {
                mask = input.name();
            } else if (input.name().contains("type") || input.name().contains("segment")) {
                types = input.name();
            } else {
                ids = input.name();
            }
        }
        return new TextEncoder(tokenizer, field, new TextEncoder.Names(ids, mask, types));
    }

    /**
     * Rows of the numeric fields, in their order.
     *
     * @throws GraphException if {@code graph} reads no numbers, or another number of them
     */
    public static RowEncoder numeric(OnnxGraph graph, EventLayout fields) {
        require(graph, Kind.NUMERIC);
        TensorSpec input = graph.inputs().get(0);
        Dim width = input.shape().get(1);
        if (width.isFixed() && width.size() != fields.numeric().size()) {
            throw new GraphException("the backbone reads " + input + "; there are "
                    + fields.numeric().size() + " numeric fields: " + fields.numeric());
        }
        return new NumericEncoder(fields, input.name());
    }

    private static void require(OnnxGraph graph, Kind wanted) {
        Kind kind = kind(graph);
        if (kind != wanted) {
            throw new GraphException("the backbone reads " + kind.words + ", not " + wanted.words);
        }
    }
}
