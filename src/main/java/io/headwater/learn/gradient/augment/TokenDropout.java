package io.headwater.learn.gradient.augment;

import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Hides tokens of a text: Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods (ACL 2015), section 3.2.
 * Special tokens and padding stay. Acts before the prefix.
 */
public final class TokenDropout {
    private final double probability;
    private final OptionalLong replacement;
    private final long[] special;

    /**
     * @param probability of each real token
     * @param replacement the tokenizer's mask or unknown token, which takes the place of a hidden one; without one, the
     *     attention mask hides it
     * @param special ids that stay: the tokenizer's opening, closing and padding tokens
     */
    public TokenDropout(double probability, OptionalLong replacement, long... special) {
        Allowed.below("probability of dropping a token", probability, 0, 1);
        this.probability = probability;
        this.replacement = replacement;
        this.special = special.clone();
        Arrays.sort(this.special);
    }

    /**
     * @param ids of the tokens
     * @param mask 1 for a token, 0 for padding, at the same indices; not changed where hidden tokens are replaced
     * @param count how many tokens from index {@code from} on
     */
    public void apply(LongBuffer ids, LongBuffer mask, int from, int count, SeededRandom random) {
        for (int i = from; i < from + count; i++) {
            boolean real = mask.get(i) != 0 && Arrays.binarySearch(special, ids.get(i)) < 0;
            if (real && random.nextDouble() < probability) {
                if (replacement.isPresent()) {
                    ids.put(i, replacement.getAsLong());
                } else {
                    mask.put(i, 0);
                }
            }
        }
    }
}
