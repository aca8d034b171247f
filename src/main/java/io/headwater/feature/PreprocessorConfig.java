package io.headwater.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.feature.ImageSpec.Resize;
import java.util.ArrayList;
import java.util.List;

/** A Hugging Face {@code preprocessor_config.json} being read. */
record PreprocessorConfig(JsonNode json) {
    /** Steps that this reader does not take: a file that asks for one would be served something else. */
    private static final List<String> UNKNOWN_STEPS =
            List.of("do_pad", "do_flip_channel_order", "rescale_offset", "do_thumbnail", "do_align_long_axis");

    private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

    /** Below this side ConvNeXt's files mean a resize by {@code crop_pct} and a crop, from it on an exact resize. */
    private static final int CROP_PCT_BELOW = 384;

    private record Size(int height, int width) {}

    ImageSpec spec() {
        for (String step : UNKNOWN_STEPS) {
            if (json.path(step).asBoolean()) {
                throw new IllegalArgumentException(step + " is true; allowed is false: this step is not known here");
            }
        }
        boolean crop = json.path("do_center_crop").asBoolean(json.hasNonNull("crop_size"));
        Resize resize = json.path("do_resize").asBoolean(true) ? resize(crop) : new Resize.None();
        Size size = crop ? cropSize() : sizeAfter(resize);
        if (json.hasNonNull("crop_pct") && resize instanceof Resize.ShorterSide side) {
            double share = number("crop_pct", 1);
            size = new Size(side.length(), side.length());
            resize = side.length() < CROP_PCT_BELOW
                    ? new Resize.ShorterSide((int) (side.length() / share))
                    : new Resize.Exact(side.length(), side.length());
        }
        boolean normalize = json.path("do_normalize").asBoolean(true);
        return new ImageSpec(
                size.height,
                size.width,
                resize,
                json.path("resample").isMissingNode()
                        ? Resample.BILINEAR
                        : Resample.of(integer("resample", json.path("resample"))),
                json.path("do_rescale").asBoolean(true) ? number("rescale_factor", 1.0 / 255) : 1,
                normalize ? numbers("image_mean") : ZEROS,
                normalize ? numbers("image_std") : ONES);
    }

    private Resize resize(boolean crop) {
        JsonNode size = json.path("size");
        if (size.isInt()) {
            return crop ? new Resize.ShorterSide(size.asInt()) : new Resize.Exact(size.asInt(), size.asInt());
        } else if (size.has("shortest_edge") && !size.has("longest_edge")) {
            return new Resize.ShorterSide(integer("size.shortest_edge", size.path("shortest_edge")));
        } else if (size.has("height") && size.has("width")) {
            return new Resize.Exact(
                    integer("size.height", size.path("height")), integer("size.width", size.path("width")));
        }
        throw new IllegalArgumentException("size is " + shown(size)
                + "; allowed are {\"height\": H, \"width\": W}, {\"shortest_edge\": S} and a number");
    }

    private Size cropSize() {
        JsonNode size = json.path("crop_size");
        if (size.isInt()) {
            return new Size(size.asInt(), size.asInt());
        } else if (size.has("height") && size.has("width")) {
            return new Size(
                    integer("crop_size.height", size.path("height")), integer("crop_size.width", size.path("width")));
        }
        throw new IllegalArgumentException(
                "crop_size is " + shown(size) + "; allowed are {\"height\": H, \"width\": W} and a number");
    }

    private Size sizeAfter(Resize resize) {
        if (resize instanceof Resize.Exact exact) {
            return new Size(exact.height(), exact.width());
        } else if (resize instanceof Resize.ShorterSide side && json.hasNonNull("crop_pct")) {
            return new Size(side.length(), side.length());
        }
        throw new IllegalArgumentException("no do_center_crop and no size with both sides: pictures would come out in"
                + " different sizes, but a model's input has one; add crop_size, or size with height and width");
    }

    private double number(String name, double otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        } else if (!value.isNumber()) {
            throw new IllegalArgumentException(name + " is " + shown(value) + "; allowed is a number");
        }
        return value.asDouble();
    }

    private List<Double> numbers(String name) {
        JsonNode list = json.path(name);
        List<Double> values = new ArrayList<>();
        for (JsonNode value : list) {
            values.add(value.isNumber() ? value.asDouble() : Double.NaN);
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " is " + shown(list) + "; allowed are " + ImageSpec.CHANNELS
                    + " numbers, or do_normalize false");
        }
        return values;
    }

    private static int integer(String name, JsonNode value) {
        if (!value.isInt()) {
            throw new IllegalArgumentException(name + " is " + shown(value) + "; allowed is a whole number");
        }
        return value.asInt();
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }
}
