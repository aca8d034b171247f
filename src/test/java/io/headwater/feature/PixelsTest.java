package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checksums are of what Pillow 12 makes of the same picture. */
final class PixelsTest {
    private static final int HEIGHT = 7;
    private static final int WIDTH = 11;

    @ParameterizedTest
    @CsvSource({
        "NEAREST, 4, 3, 1033107008",
        "NEAREST, 17, 9, 3417511506",
        "LANCZOS, 4, 3, 2530064193",
        "LANCZOS, 17, 9, 2820912402",
        "BILINEAR, 4, 3, 2843913781",
        "BILINEAR, 17, 9, 662359096",
        "BICUBIC, 4, 3, 3713599179",
        "BICUBIC, 17, 9, 2086493771",
    })
    void mixed_givesPillowsBytes(Resample resample, int width, int height, long checksum) {
        Pixels resized = picture()
                .mixed(
                        Pixels.Mix.of(resample, HEIGHT, height, 0, height),
                        Pixels.Mix.of(resample, WIDTH, width, 0, width));
        CRC32 crc = new CRC32();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < ImageSpec.CHANNELS; c++) {
                    crc.update(resized.value(y, x, c));
                }
            }
        }
        assertThat(crc.getValue()).isEqualTo(checksum);
    }

    @Test
    void mixed_stretch_isThatPartOfTheWhole() {
        Pixels whole = picture()
                .mixed(
                        Pixels.Mix.of(Resample.BICUBIC, HEIGHT, 20, 0, 20),
                        Pixels.Mix.of(Resample.BICUBIC, WIDTH, 30, 0, 30));
        Pixels part = picture()
                .mixed(
                        Pixels.Mix.of(Resample.BICUBIC, HEIGHT, 20, 8, 12),
                        Pixels.Mix.of(Resample.BICUBIC, WIDTH, 30, 14, 25));
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 11; x++) {
                assertThat(part.value(y, x, 1)).isEqualTo(whole.value(y + 8, x + 14, 1));
            }
        }
    }

    private static Pixels picture() {
        byte[] rgb = new byte[HEIGHT * WIDTH * ImageSpec.CHANNELS];
        int at = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int c = 0; c < ImageSpec.CHANNELS; c++) {
                    rgb[at++] = (byte) (y * y * 37 + x * 91 + c * 53 + x * y * 17);
                }
            }
        }
        return new Pixels(HEIGHT, WIDTH, rgb);
    }
}
