package io.headwater.learn.gradient.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.SeededRandom;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AugmentationTest {
    private static final int WIDTH = 3;

    private static float[] counted(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i + 1;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mixup_mixesEachRowWithItsPartnerAsItWas(long seed) {
        int rows = 9;
        float[] before = counted(10 * WIDTH);
        float[] after = before.clone();
        Mixup mixup = new Mixup(0.4, 16);
        mixup.draw(rows, new SeededRandom(seed));
        mixup.apply(FloatBuffer.wrap(after), WIDTH, new float[WIDTH]);

        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < WIDTH; i++) {
                double share = mixup.share(row);
                double expected =
                        share * before[row * WIDTH + i] + (1 - share) * before[mixup.partner(row) * WIDTH + i];
                assertThat((double) after[row * WIDTH + i]).isCloseTo(expected, within(1e-5));
            }
        }
        assertThat(Arrays.copyOfRange(after, rows * WIDTH, after.length))
                .as("rows behind the batch")
                .isEqualTo(Arrays.copyOfRange(before, rows * WIDTH, before.length));
        assertThat(IntStream.range(0, rows).map(mixup::partner).boxed())
                .containsExactlyInAnyOrderElementsOf(
                        new TreeSet<>(IntStream.range(0, rows).boxed().toList()));
        assertThat(after).isNotEqualTo(before);
    }

    /** Mean 1/2, and the variance of Beta(α, α): 1 / (4 (2 α + 1)). */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.2, 1, 4})
    void mixup_sharesHaveTheMomentsOfBeta(double alpha) {
        int n = 20_000;
        Mixup mixup = new Mixup(alpha, n);
        mixup.draw(n, new SeededRandom(1));
        double mean = 0;
        double square = 0;
        for (int i = 0; i < n; i++) {
            assertThat(mixup.share(i)).isBetween(0f, 1f);
            mean += mixup.share(i) / n;
            square += Math.pow(mixup.share(i) - 0.5, 2) / n;
        }
        double variance = 1 / (4 * (2 * alpha + 1));
        assertThat(mean).isCloseTo(0.5, within(4 * Math.sqrt(variance / n)));
        assertThat(square).isCloseTo(variance, within(0.05 * variance));
    }

    @Test
    void mixup_sameSeed_sameBits_andOneRowStays() {
        Mixup one = new Mixup(0.3, 8);
        Mixup two = new Mixup(0.3, 8);
        one.draw(8, new SeededRandom(3));
        two.draw(8, new SeededRandom(3));
        for (int i = 0; i < 8; i++) {
            assertThat(two.share(i)).isEqualTo(one.share(i));
            assertThat(two.partner(i)).isEqualTo(one.partner(i));
        }
        float[] alone = {1, 2, 3};
        one.draw(1, new SeededRandom(3));
        one.apply(FloatBuffer.wrap(alone), WIDTH, new float[WIDTH]);
        assertThat(alone).containsExactly(1, 2, 3);
    }

    @Test
    void featureMasking_zerosItsShareOfTheRange() {
        float[] values = counted(10_000);
        new FeatureMasking(0.3).apply(FloatBuffer.wrap(values), 1_000, 8_000, new SeededRandom(1));

        int zeros = 0;
        for (int i = 0; i < values.length; i++) {
            zeros += values[i] == 0 ? 1 : 0;
            assertThat(values[i]).isIn(0f, i + 1f);
            assertThat(values[i] == 0 && (i < 1_000 || i >= 9_000)).isFalse();
        }
        assertThat(zeros).isBetween(2_250, 2_550);
    }

    @Test
    void tokenDropout_replacesRealTokensOnly() {
        long[] ids = new long[4_000];
        long[] mask = new long[4_000];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 10 == 0 ? 101 : i % 10 == 7 ? 102 : i % 10 > 7 ? 0 : 2_000 + i;
            mask[i] = i % 10 > 7 ? 0 : 1;
        }
        long[] idsBefore = ids.clone();
        long[] maskBefore = mask.clone();
        TokenDropout dropout = new TokenDropout(0.5, OptionalLong.of(103), 102, 101, 0);
        dropout.apply(LongBuffer.wrap(ids), LongBuffer.wrap(mask), 0, 3_000, new SeededRandom(1));

        int hidden = 0;
        for (int i = 0; i < ids.length; i++) {
            boolean real = i < 3_000 && idsBefore[i] >= 2_000;
            hidden += ids[i] == 103 ? 1 : 0;
            assertThat(ids[i] == idsBefore[i] || real && ids[i] == 103).isTrue();
        }
        assertThat(hidden).isBetween(800, 1_000);
        assertThat(mask).isEqualTo(maskBefore);
    }

    @Test
    void tokenDropout_withoutAReplacement_hidesByTheMask() {
        long[] ids = {101, 5, 6, 7, 8, 9, 102, 0};
        long[] mask = {1, 1, 1, 1, 1, 1, 1, 0};
        new TokenDropout(0.99, OptionalLong.empty(), 101, 102, 0)
                .apply(LongBuffer.wrap(ids), LongBuffer.wrap(mask), 0, 8, new SeededRandom(1));
        assertThat(ids).containsExactly(101, 5, 6, 7, 8, 9, 102, 0);
        assertThat(mask).containsExactly(1, 0, 0, 0, 0, 0, 1, 0);
    }

    @Test
    void flip_mirrorsEachLineOfEachChannel() {
        float[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99};
        Flip always = new Flip(new ImageSize(2, 2, 3), 1);
        always.apply(FloatBuffer.wrap(values), 1, new SeededRandom(1));
        assertThat(values).containsExactly(0, 3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10, 99);
        new Flip(new ImageSize(2, 2, 3), 0).apply(FloatBuffer.wrap(values), 1, new SeededRandom(1));
        assertThat(values[1]).isEqualTo(3);
    }

    /** Whatever the shift: it is one of those allowed, the same in all channels, zeros where it came from outside. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void randomCrop_shiftsTheWholeImage(long seed) {
        ImageSize size = new ImageSize(2, 3, 4);
        float[] before = counted(size.values() + 2);
        float[] after = before.clone();
        new RandomCrop(size, 2).apply(FloatBuffer.wrap(after), 1, new SeededRandom(seed));

        SeededRandom same = new SeededRandom(seed);
        int down = same.nextInt(5) - 2;
        int right = same.nextInt(5) - 2;
        float[] expected = before.clone();
        for (int channel = 0; channel < 2; channel++) {
            for (int y = 0; y < 3; y++) {
                for (int x = 0; x < 4; x++) {
                    boolean inside = y - down >= 0 && y - down < 3 && x - right >= 0 && x - right < 4;
                    expected[1 + (channel * 3 + y) * 4 + x] =
                            inside ? before[1 + (channel * 3 + y - down) * 4 + x - right] : 0;
                }
            }
        }
        assertThat(after).isEqualTo(expected);
    }

    @Test
    void randomCrop_shiftsInEveryDirection() {
        ImageSize size = new ImageSize(1, 3, 3);
        SeededRandom random = new SeededRandom(1);
        TreeSet<Float> topLeft = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            float[] values = counted(9);
            new RandomCrop(size, 1).apply(FloatBuffer.wrap(values), 0, random);
            topLeft.add(values[0]);
        }
        assertThat(topLeft).containsExactly(0f, 1f, 2f, 4f, 5f);
    }

    @Test
    void cacheOfPrefixFeatures_holdsUnlessTheInputsChange() {
        assertThat(Augmentation.NONE.isBeforePrefix()).isFalse();
        assertThat(new Augmentation(0.2, 0.1, 0, 0, 0).isBeforePrefix()).isFalse();
        assertThat(new Augmentation(0, 0, 0.1, 0, 0).isBeforePrefix()).isTrue();
        assertThat(new Augmentation(0, 0, 0, 0.5, 0).isBeforePrefix()).isTrue();
        assertThat(new Augmentation(0, 0, 0, 0, 4).isBeforePrefix()).isTrue();
    }

    @Test
    void settings_outOfRange_areRefusedInASentence() {
        assertThatThrownBy(() -> new Augmentation(0.001, 0, 0, 0, 0))
                .hasMessage("alpha of mixup is 0.001; 0.01 to 100.0 is allowed");
        assertThatThrownBy(() -> new Augmentation(0, 1, 0, 0, 0))
                .hasMessage("probability of masking a feature is 1.0; 0.0 to below 1.0 is allowed");
        assertThatThrownBy(() -> new Augmentation(0, 0, -0.1, 0, 0)).hasMessageContaining("dropping a token is -0.1");
        assertThatThrownBy(() -> new Augmentation(0, 0, 0, 2, 0)).hasMessageContaining("probability of a flip is 2.0");
        assertThatThrownBy(() -> new Augmentation(0, 0, 0, 0, -1)).hasMessageContaining("padding of a crop is -1");
        assertThatThrownBy(() -> new FeatureMasking(1)).hasMessageContaining("masking a feature is 1.0");
        assertThatThrownBy(() -> new TokenDropout(Double.NaN, OptionalLong.empty()))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new RandomCrop(new ImageSize(1, 3, 3), 4)).hasMessageContaining("crop is 4; 0 to 3");
        assertThatThrownBy(() -> new ImageSize(0, 1, 1)).hasMessageContaining("channels is 0");
        Mixup mixup = new Mixup(1, 4);
        assertThatThrownBy(() -> mixup.draw(5, new SeededRandom(1))).hasMessageContaining("rows to mix is 5; 0 to 4");
    }
}
