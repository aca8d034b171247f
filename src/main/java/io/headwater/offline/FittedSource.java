package io.headwater.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.event.EventLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model that an earlier fit made, to go on from: what its manifest says.
 *
 * @param label the column of the classes, empty for pictures of a folder
 * @param classes in the order of the outputs
 * @param fields of an event
 * @param headWeights names of the head's weights, from its first layer on
 * @param licence of the backbone that it began with, empty where none was stated
 */
record FittedSource(
        Path folder,
        FitKind kind,
        String label,
        List<String> classes,
        EventLayout fields,
        int maxTokens,
        String cut,
        String headOn,
        List<Integer> hidden,
        List<String> headWeights,
        Optional<String> licence,
        long rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException if the folder is not one that {@link Fit} made */
    static FittedSource read(Path folder) {
        Path file = folder.resolve(FitManifest.FILE);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(folder.resolve(Foundation.MODEL))) {
            throw new IllegalArgumentException(
                    "the source " + folder + " is no folder that headwater fit made: it has no "
                            + (Files.isRegularFile(file) ? Foundation.MODEL : FitManifest.FILE));
        }
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (json.path("format").asInt() != FitManifest.FORMAT) {
                throw new IllegalArgumentException(file + ": the format is "
                        + json.path("format").asText("missing") + "; allowed is " + FitManifest.FORMAT);
            }
            JsonNode fields = json.path("fields");
            return new FittedSource(
                    folder,
                    FitKind.valueOf(json.path("kind").asText().toUpperCase(Locale.ROOT)),
                    json.path("label").asText(),
                    texts(json.path("classes")),
                    new EventLayout(
                            texts(fields.path("numeric")),
                            texts(fields.path("categorical")),
                            texts(fields.path("text"))),
                    json.path("max_tokens").asInt(),
                    json.path("cut").asText(),
                    json.path("head_on").asText(),
                    texts(json.path("hidden")).stream().map(Integer::valueOf).toList(),
                    texts(json.path("head_weights")),
                    Optional.of(json.path("licence").asText()).filter(name -> !name.isEmpty()),
                    json.path("rows").path("training").asLong());
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "the source's manifest " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(element.asText()));
        return List.copyOf(texts);
    }

    Path model() {
        return folder.resolve(Foundation.MODEL);
    }
}
