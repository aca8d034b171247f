package io.headwater.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * What a vision model expects of its input: three channels, red, green, blue, as {@code [3, height, width]}, where a
 * value is {@code (pixel * rescale - mean) / std}.
 *
 * @param height of the input
 * @param width of the input
 * @param resize how a picture comes near that size; what is then too large is cut away around its centre, and what is
 *     too small is surrounded by black
 * @param resample how pixels are mixed in resizing
 * @param rescale what a pixel of 0 to 255 is multiplied by
 * @param mean per channel, after rescaling
 * @param std per channel, positive
 */
public record ImageSpec(
        int height, int width, Resize resize, Resample resample, double rescale, List<Double> mean, List<Double> std) {
    /** The number of channels. */
    public static final int CHANNELS = 3;

    /** The largest side that a picture is resized to. */
    public static final int MAX_SIDE = 4096;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

    /** How a picture is resized before it is cut. */
    public sealed interface Resize {
        /** Not at all. */
        record None() implements Resize {}

        /** To these sides, whatever its proportions. */
        record Exact(int height, int width) implements Resize {
            public Exact {
                checkSide("height", height);
                checkSide("width", width);
            }
        }

        /** Until its shorter side is this long; its proportions stay. */
        record ShorterSide(int length) implements Resize {
            public ShorterSide {
                checkSide("shortest_edge", length);
            }
        }
    }

    public ImageSpec {
        checkSide("height", height);
        checkSide("width", width);
        mean = channels("image_mean", mean);
        std = channels("image_std", std);
        if (!Double.isFinite(rescale) || rescale <= 0) {
            throw new IllegalArgumentException("rescale_factor is " + rescale + "; allowed is a positive number");
        }
        if (std.stream().anyMatch(value -> value <= 0)) {
            throw new IllegalArgumentException("image_std is " + std + "; allowed are positive numbers");
        }
    }

    /** A picture resized to exactly these sides, each value in {@code [0, 1]}. */
    public static ImageSpec plain(int height, int width) {
        return new ImageSpec(height, width, new Resize.Exact(height, width), Resample.BILINEAR, 1.0 / 255, ZEROS, ONES);
    }

    /**
     * What a Hugging Face {@code preprocessor_config.json} states. Where it is silent: resizing, rescaling by 1/255 and
     * normalizing are done, bilinear; a crop only where {@code crop_size} is given. A {@code size} that is one number is
     * the shorter side where a crop follows, else both sides.
     *
     * @throws IllegalArgumentException if it is not such a file, or asks for something else than the above
     */
    public static ImageSpec read(byte[] preprocessorConfigJson) {
        JsonNode json;
        try {
            json = JSON.readTree(preprocessorConfigJson);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not a preprocessor_config.json: it is no JSON, " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a preprocessor_config.json: " + e.getMessage(), e);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("not a preprocessor_config.json: it holds no object");
        }
        return new PreprocessorConfig(json).spec();
    }

    private static void checkSide(String name, int side) {
        if (side < 1 || side > MAX_SIDE) {
            throw new IllegalArgumentException(name + " is " + side + "; allowed are 1 to " + MAX_SIDE);
        }
    }

    private static List<Double> channels(String name, List<Double> values) {
        if (values.size() != CHANNELS || !values.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(name + " is " + values + "; allowed are " + CHANNELS + " numbers");
        }
        return List.copyOf(values);
    }

    /** How many values one picture has: {@code 3 * height * width}. */
    public int length() {
        return CHANNELS * height * width;
    }
}
