package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CategoryHasherTest {
    /*
     * Computed outside this program with Appleby's byte-wise murmur3_x86_32, checked on its published vectors, over
     * UTF-16LE bytes. A change here makes every model exported so far mean something else.
     */
    @ParameterizedTest
    @CsvSource({
        "carrier,UA,1024,252",
        "carrier,'',1024,596",
        "origin,JFK,1024,102",
        "destination,JFK,1024,95",
        "weekday,0,1024,48",
        "weekday,6,1024,123",
        "carrier,Z\u00fcrich,16777216,9215131",
        "carrier,\ud83d\ude00,16777216,14018463",
        "a,b,2,1",
        "carrier,UA,3,2"
    })
    void bucket_isTheGoldenOne(String field, String value, int buckets, long expected) {
        assertThat(new CategoryHasher(field, buckets).bucket(value)).isEqualTo(expected);
    }

    @Test
    void missingValue_isBucketZeroAndNothingElseIs() {
        CategoryHasher hasher = new CategoryHasher("carrier", 2);

        assertThat(hasher.bucket(null)).isZero();
        assertThat(hasher.bucket("")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 1024, 1 << 24})
    void bucket_ofAnyText_liesBetweenOneAndTheLast(int buckets) {
        Random random = new Random(buckets);
        CategoryHasher hasher = new CategoryHasher("field", buckets);

        for (int i = 0; i < 5000; i++) {
            char[] text = new char[random.nextInt(12)];
            for (int k = 0; k < text.length; k++) {
                text[k] = (char) random.nextInt(1 << 16);
            }
            assertThat(hasher.bucket(new String(text))).isBetween(1L, buckets - 1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d", "item-%06d", "\u00e9%d\u00e9"})
    void values_spreadEvenly(String pattern) {
        // Given 64 times as many values as buckets
        int buckets = 257;
        int values = 64 * 256;
        CategoryHasher hasher = new CategoryHasher("field", buckets);
        int[] counts = new int[buckets];
        for (int i = 0; i < values; i++) {
            counts[(int) hasher.bucket(pattern.formatted(i))]++;
        }

        // Then chi squared with 255 degrees of freedom stays below its 99.99 % quantile
        double chiSquared = 0;
        for (int bucket = 1; bucket < buckets; bucket++) {
            chiSquared += (counts[bucket] - 64.0) * (counts[bucket] - 64.0) / 64;
        }
        assertThat(chiSquared).isLessThan(348);
    }

    @Test
    void sameValue_inTwoFields_hasTwoBuckets() {
        Set<Long> buckets = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            buckets.add(new CategoryHasher("field" + i, 1 << 24).bucket("JFK"));
        }

        assertThat(buckets).hasSize(100);
    }
}
