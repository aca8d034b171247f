package io.headwater.offline;

import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ImageReader;
import io.headwater.feature.ImageSpec;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the picture that an event's first text names into the float tensor of a vision model. */
final class PictureEncoder implements RowEncoder {
    private static final long MAX_BYTES = 1L << 28;

    private final ImageReader reader;
    private final RowLayout layout;

    /** @param input what the model calls its tensor */
    PictureEncoder(ImageSpec spec, String input) {
        this.reader = new ImageReader(spec);
        this.layout = new RowLayout(
                List.of(RowTensor.floats(input, List.of(ImageSpec.CHANNELS, spec.height(), spec.width()))),
                spec.toString());
    }

    @Override
    public RowLayout layout() {
        return layout;
    }

    /** @throws IllegalArgumentException if there is no such picture, or it cannot be read */
    @Override
    public void encode(Event event, FeatureBatch batch) {
        String name = event.text()[0];
        if (name == null) {
            throw new IllegalArgumentException(event.id() + ": no picture is named");
        }
        Path path = Path.of(name);
        try {
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException(event.id() + ": there is no picture " + path);
            }
            if (Files.size(path) > MAX_BYTES) {
                throw new IOException("the file has " + Files.size(path) + " bytes; allowed are " + MAX_BYTES);
            }
            byte[] bytes = Files.readAllBytes(path);
            int row = batch.nextRow();
            reader.read(bytes, batch.floats(0), row * batch.width(0));
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }
}
