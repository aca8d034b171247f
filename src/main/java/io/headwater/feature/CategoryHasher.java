package io.headwater.feature;

import org.jspecify.annotations.Nullable;

/**
 * Maps the values of one categorical field to hash buckets: {@code 1 + murmur3_32(value, seed) mod (buckets - 1)},
 * unsigned, where {@code seed = murmur3_32(field, 0)}, and 0 for a missing value. All fields share one bucket space,
 * so the field's name is part of what is hashed. The bytes hashed are UTF-16, little-endian, without a mark.
 */
public final class CategoryHasher {
    /*
     * Feature hashing (Weinberger et al., ICML 2009) with the 32-bit murmur3 of Appleby over UTF-16 code units, so that no bytes are made of a string on the scoring path. The manifest names this rule; changing it
     * changes what every exported model means.
     */
    private final int seed;
    private final int buckets;

    public CategoryHasher(String field, int buckets) {
        this.seed = murmur3(field, 0);
        this.buckets = buckets;
    }

    /** The bucket of {@code value}, in {@code [0, buckets)}. */
    public long bucket(@Nullable String value) {
        return value == null ? 0 : 1 + Integer.remainderUnsigned(murmur3(value, seed), buckets - 1);
    }

    private static int murmur3(String text, int seed) {
        int hash = seed;
        int length = text.length();
        for (int i = 1; i < length; i += 2) {
            hash ^= mix(text.charAt(i - 1) | (text.charAt(i) << 16));
            hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
        }
        if ((length & 1) == 1) {
            hash ^= mix(text.charAt(length - 1));
        }
        hash ^= 2 * length;
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    private static int mix(int chunk) {
        return Integer.rotateLeft(chunk * 0xcc9e2d51, 15) * 0x1b873593;
    }
}
