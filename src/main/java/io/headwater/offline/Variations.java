package io.headwater.offline;

import io.headwater.feature.ImageSpec;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.feature.TextTokenizer;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.learn.gradient.augment.Flip;
import io.headwater.learn.gradient.augment.ImageSize;
import io.headwater.learn.gradient.augment.RandomCrop;
import io.headwater.learn.gradient.augment.TokenDropout;
import io.headwater.offline.VariedEncoder.Variation;
import java.nio.LongBuffer;
import java.util.stream.LongStream;

/** The kinds of augmentation that act before the frozen part, on rows as they were encoded. */
final class Variations {
    private Variations() {}

    /** @throws WrongOptionException if {@code asked} has kinds that rows of numbers do not have */
    static Variation none(FitKind kind, Augmentation asked) {
        refuse(asked.tokenDropout() > 0, "token dropout is", "text", kind);
        refuse(asked.flip() > 0 || asked.cropPadding() > 0, "flips and crops are", "images", kind);
        return Variation.NONE;
    }

    /** @throws WrongOptionException if {@code asked} has kinds that text does not have */
    static Variation ofText(Augmentation asked, TextTokenizer tokenizer, RowLayout rows, SeededRandom random) {
        refuse(asked.flip() > 0 || asked.cropPadding() > 0, "flips and crops are", "images", FitKind.TEXT);
        if (asked.tokenDropout() == 0) {
            return Variation.NONE;
        }
        int ids = -1;
        int mask = -1;
        for (int i = 0; i < rows.tensors().size(); i++) {
            RowTensor tensor = rows.tensors().get(i);
            if (tensor.name().contains("mask")) {
                mask = i;
            } else if (!tensor.name().contains("type") && !tensor.name().contains("segment")) {
                ids = i;
            }
        }
        if (mask < 0 && tokenizer.maskTokenId().isEmpty()) {
            throw new IllegalArgumentException(
                    "token dropout needs a mask token in the tokenizer or an attention mask among the model's inputs;"
                            + " there is neither");
        }
        TokenDropout dropout = new TokenDropout(asked.tokenDropout(), tokenizer.maskTokenId(), specials(tokenizer));
        int idsAt = ids;
        // Padding is special too, so that without a mask every id stands for itself.
        int maskAt = mask < 0 ? ids : mask;
        int width = tokenizer.maxTokens();
        return (batch, row) -> dropout.apply(batch.longs(idsAt), batch.longs(maskAt), row * width, width, random);
    }

    /** The tokens of no text at all: opening, closing and padding. */
    private static long[] specials(TextTokenizer tokenizer) {
        LongBuffer ids = LongBuffer.allocate(tokenizer.maxTokens());
        tokenizer.encode("", ids, null, null, 0);
        return LongStream.concat(LongStream.of(tokenizer.padId()), LongStream.of(ids.array()))
                .distinct()
                .toArray();
    }

    /** @throws WrongOptionException if {@code asked} has kinds that images do not have */
    static Variation ofImages(Augmentation asked, ImageSpec spec, SeededRandom random) {
        refuse(asked.tokenDropout() > 0, "token dropout is", "text", FitKind.IMAGE);
        ImageSize size = new ImageSize(ImageSpec.CHANNELS, spec.height(), spec.width());
        Flip flip = new Flip(size, asked.flip());
        RandomCrop crop = new RandomCrop(size, asked.cropPadding());
        return (batch, row) -> {
            int at = row * size.values();
            if (asked.flip() > 0) {
                flip.apply(batch.floats(0), at, random);
            }
            if (asked.cropPadding() > 0) {
                crop.apply(batch.floats(0), at, random);
            }
        };
    }

    private static void refuse(boolean asked, String what, String where, FitKind kind) {
        if (asked) {
            throw new WrongOptionException(what + " for " + where + "; this model reads " + kind.inWords());
        }
    }
}
