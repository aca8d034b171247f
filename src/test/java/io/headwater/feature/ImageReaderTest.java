package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import io.headwater.feature.ImageSpec.Resize;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReaderTest {
    private static final int RED = 0xff0000;
    private static final int BLUE = 0x0000ff;

    @ParameterizedTest
    @ValueSource(strings = {"png", "gif", "bmp"})
    void read_losslessFormat_isChannelsFirst(String format) throws IOException {
        float[] values = read(ImageSpec.plain(1, 2), file(halves(2, 1, BufferedImage.TYPE_INT_RGB), format));
        assertThat(values).containsExactly(1, 0, 0, 0, 0, 1);
    }

    @Test
    void read_jpeg_isNearTheOriginal() throws IOException {
        float[] values = read(ImageSpec.plain(32, 64), file(halves(64, 32, BufferedImage.TYPE_INT_RGB), "jpeg"));
        assertThat(values[0]).isCloseTo(1, within(0.05f));
        assertThat(values[values.length - 1]).isCloseTo(1, within(0.05f));
    }

    /** Java's own conversion would make 128 brighter: it takes grey for linear light. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void read_grey_keepsItsValue(int type) throws IOException {
        BufferedImage image = new BufferedImage(1, 1, type);
        int full = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
        image.getRaster().setSample(0, 0, 0, full * 128 / 255);
        assertThat(read(ImageSpec.plain(1, 1), file(image, "png"))).containsOnly(128 / 255f);
    }

    @Test
    void read_transparency_isIgnored() throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x40_ff_80_00);
        assertThat(read(ImageSpec.plain(1, 1), file(image, "png"))).containsExactly(1, 128 / 255f, 0);
    }

    @Test
    void read_normalizes_perChannel() throws IOException {
        ImageSpec spec = new ImageSpec(
                1, 1, new Resize.None(), Resample.BILINEAR, 0.5, List.of(1.0, 2.0, 3.0), List.of(1.0, 2.0, 4.0));
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 10 << 16 | 20 << 8 | 30);
        assertThat(read(spec, file(image, "png"))).containsExactly(4, 4, 3);
    }

    /** Eight columns of which the shorter side keeps four and the crop the middle two. */
    @Test
    void read_shorterSide_cropsAroundTheCentre() throws IOException {
        BufferedImage image = new BufferedImage(8, 4, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 8; x++) {
            for (int y = 0; y < 4; y++) {
                image.setRGB(x, y, x * 10);
            }
        }
        ImageSpec spec = new ImageSpec(
                2, 2, new Resize.ShorterSide(2), Resample.NEAREST, 1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        float[] blue = Arrays.copyOfRange(read(spec, file(image, "png")), 8, 12);
        assertThat(blue).containsExactly(30, 50, 30, 50);
    }

    @Test
    void read_tooSmallForTheCrop_isSurroundedByBlack() throws IOException {
        ImageSpec spec = new ImageSpec(
                3, 3, new Resize.None(), Resample.NEAREST, 1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 7 << 16);
        assertThat(Arrays.copyOf(read(spec, file(image, "png")), 9)).containsExactly(0, 0, 0, 0, 7, 0, 0, 0, 0);
    }

    @Test
    void read_atAnIndex_leavesTheRestAlone() throws IOException {
        FloatBuffer to = FloatBuffer.wrap(new float[] {-1, -1, -1, -1, -1});
        BufferedImage white = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        white.setRGB(0, 0, 0xffffff);
        new ImageReader(ImageSpec.plain(1, 1)).read(file(white, "png"), to, 1);
        assertThat(to.array()).containsExactly(-1, 1, 1, 1, -1);
        assertThat(to.position()).isZero();
    }

    @Test
    void read_notAPicture_saysWhatItStartsWith() {
        assertThatIOException()
                .isThrownBy(() -> read(ImageSpec.plain(1, 1), new byte[] {'P', 'K', 3, 4, 5}))
                .withMessageContaining("50 4b 03 04")
                .withMessageContaining("allowed are PNG, JPEG, GIF and BMP");
        assertThatIOException()
                .isThrownBy(() -> read(ImageSpec.plain(1, 1), new byte[0]))
                .withMessageContaining("no bytes");
    }

    @Test
    void read_anotherFormat_isNamed() throws IOException {
        byte[] tiff = file(halves(2, 1, BufferedImage.TYPE_INT_RGB), "tiff");
        assertThatIOException()
                .isThrownBy(() -> read(ImageSpec.plain(1, 1), tiff))
                .withMessageContaining("is TIF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
    void read_truncatedFile_isRefused(String format) throws IOException {
        byte[] whole = file(noise(64), format);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        assertThatIOException()
                .isThrownBy(() -> read(ImageSpec.plain(8, 8), half))
                .withMessageContaining("damaged");
    }

    /** A small file whose header claims 3.6 gigapixels is refused by the header. */
    @Test
    void read_tooManyPixels_areNotDecoded() throws IOException {
        byte[] png = file(halves(2, 1, BufferedImage.TYPE_INT_RGB), "png");
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        assertThatIOException()
                .isThrownBy(() -> read(ImageSpec.plain(1, 1), png))
                .withMessage("the picture is 60000 x 60000 pixels; allowed are 40000000 pixels");
    }

    @Test
    void read_thinPicture_isRefusedBeforeItTakesAllMemory() throws IOException {
        byte[] thin = file(new BufferedImage(1, 60_000, BufferedImage.TYPE_BYTE_GRAY), "png");
        ImageSpec wide = ImageSpec.plain(10, 4096);
        assertThatIOException().isThrownBy(() -> read(wide, thin)).withMessageContaining("too thin");
        ImageSpec cropped = new ImageSpec(
                8,
                8,
                new Resize.ShorterSide(4096),
                Resample.BICUBIC,
                1,
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0));
        assertThat(read(cropped, thin)).containsOnly(0);
    }

    private static float[] read(ImageSpec spec, byte[] image) throws IOException {
        FloatBuffer values = FloatBuffer.allocate(spec.length());
        new ImageReader(spec).read(image, values, 0);
        return values.array();
    }

    /** Red on the left, blue on the right. */
    private static BufferedImage halves(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x < width / 2 ? RED : BLUE);
            }
        }
        return image;
    }

    private static BufferedImage noise(int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, i * 0x9e3779b1);
        }
        return image;
    }

    private static byte[] file(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }
}
