package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headwater.feature.ImageSpec.Resize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageSpecTest {
    private static final String NORMALIZED = "\"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.2, 0.2, 0.1]";

    /** The kind of file that a vision transformer brings. */
    @Test
    void read_bothSides_resizesExactly() {
        ImageSpec spec = read("{\"do_normalize\": true, \"do_rescale\": true, \"do_resize\": true, " + NORMALIZED
                + ", \"resample\": 3, \"rescale_factor\": 0.5, \"size\": {\"height\": 224, \"width\": 192}}");
        assertThat(spec)
                .isEqualTo(new ImageSpec(
                        224,
                        192,
                        new Resize.Exact(224, 192),
                        Resample.BICUBIC,
                        0.5,
                        List.of(0.5, 0.4, 0.3),
                        List.of(0.2, 0.2, 0.1)));
        assertThat(spec.length()).isEqualTo(3 * 224 * 192);
    }

    /** The kind of file that MobileNetV2 and CLIP bring. */
    @Test
    void read_shorterSideAndCrop_keepsProportions() {
        ImageSpec spec = read("{\"crop_size\": {\"height\": 224, \"width\": 200}, \"do_center_crop\": true, "
                + NORMALIZED + ", \"resample\": 2, \"size\": {\"shortest_edge\": 256}}");
        assertThat(spec.resize()).isEqualTo(new Resize.ShorterSide(256));
        assertThat(spec.resample()).isEqualTo(Resample.BILINEAR);
        assertThat(spec.rescale()).isEqualTo(1.0 / 255);
        assertThat(List.of(spec.height(), spec.width())).containsExactly(224, 200);
    }

    @Test
    void read_oneNumber_isTheShorterSideWhereACropFollows() {
        assertThat(read("{\"size\": 224, " + NORMALIZED + "}").resize()).isEqualTo(new Resize.Exact(224, 224));
        assertThat(read("{\"size\": 256, \"crop_size\": 224, " + NORMALIZED + "}")
                        .resize())
                .isEqualTo(new Resize.ShorterSide(256));
    }

    /** ConvNeXt's files name the crop as a share of the resized picture. */
    @Test
    void read_cropPct_resizesToMoreThanItKeeps() {
        ImageSpec small = read("{\"crop_pct\": 0.875, \"size\": {\"shortest_edge\": 224}, " + NORMALIZED + "}");
        assertThat(small.resize()).isEqualTo(new Resize.ShorterSide(256));
        assertThat(small.height()).isEqualTo(224);
        ImageSpec large = read("{\"crop_pct\": 0.875, \"size\": {\"shortest_edge\": 384}, " + NORMALIZED + "}");
        assertThat(large.resize()).isEqualTo(new Resize.Exact(384, 384));
    }

    @Test
    void read_stepsSwitchedOff_areNotTaken() {
        ImageSpec spec =
                read("{\"do_resize\": false, \"do_rescale\": false, \"do_normalize\": false, \"crop_size\": 8}");
        assertThat(spec.resize()).isEqualTo(new Resize.None());
        assertThat(spec.rescale()).isEqualTo(1);
        assertThat(spec.mean()).containsExactly(0.0, 0.0, 0.0);
        assertThat(spec.std()).containsExactly(1.0, 1.0, 1.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | it is no JSON",
                "[] | it holds no object",
                "{\"size\": 224} | image_mean is missing",
                "{\"size\": 224, \"image_mean\": [0, 0], \"image_std\": [1, 1]} | allowed are 3 numbers",
                "{\"size\": 224, \"image_mean\": [0, 0, 0], \"image_std\": [1, 0, 1]} | allowed are positive numbers",
                "{\"size\": \"big\", \"do_normalize\": false} | size is \"big\"",
                "{\"size\": 0, \"do_normalize\": false} | allowed are 1 to 4096",
                "{\"size\": {\"shortest_edge\": 224}, \"do_normalize\": false} | different sizes",
                "{\"size\": 224, \"do_normalize\": false, \"resample\": 5} | resample is 5",
                "{\"size\": 224, \"do_normalize\": false, \"do_flip_channel_order\": true} | do_flip_channel_order is true",
                "{\"size\": 224, \"do_normalize\": false, \"rescale_factor\": \"x\"} | rescale_factor is \"x\"",
            })
    void read_whatItCannotDo_isRefused(String json, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageContaining(message);
    }

    private static ImageSpec read(String json) {
        return ImageSpec.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
