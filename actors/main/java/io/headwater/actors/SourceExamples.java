package io.headwater.actors;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.dataset.FileReason;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labelled examples of a file that a source model is developed on, one JSON object a line as in the labels topic. */
final class SourceExamples {
    private static final Logger LOG = LoggerFactory.getLogger(SourceExamples.class);

    private SourceExamples() {}

    /** @throws IllegalStateException if the settings name no file, or it cannot be read, or has none of the fields */
    static List<LabeledExample> of(ModelParts parts) {
        String key = "headwater.models." + parts.name() + ".source.file";
        String file = parts.config().source().file();
        if (file.isBlank()) {
            throw new IllegalStateException(key
                    + " is empty and the registry holds no version of the model: name a file of labelled examples,"
                    + " one JSON object a line as in the labels topic");
        }
        List<LabeledExample> examples = read(key + ": " + file, Path.of(file), parts.codec());
        List<String> missing = missing(examples, parts.schema().layout());
        if (!examples.isEmpty() && !missing.isEmpty()) {
            tell(parts, key + ": none of the " + examples.size() + " examples in " + file + " has a value of", missing);
        }
        return examples;
    }

    private static List<LabeledExample> read(String what, Path file, EventCodec codec) {
        List<LabeledExample> examples = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Decoded<LabeledExample> decoded = codec.labeled(line.getBytes(StandardCharsets.UTF_8));
                if (decoded instanceof Decoded.Refused<LabeledExample> refused) {
                    throw new IllegalStateException(what + " line " + number + ": " + refused.reason());
                }
                examples.add(((Decoded.Ok<LabeledExample>) decoded).value());
            }
        } catch (IOException e) {
            throw new IllegalStateException(what + " cannot be read: " + FileReason.of(e), e);
        }
        return examples;
    }

    /** A field may come later on the stream; where there is none at all, nothing can be learned. */
    private static void tell(ModelParts parts, String none, List<String> missing) {
        EventLayout layout = parts.schema().layout();
        int fields = layout.numeric().size()
                + layout.categorical().size()
                + layout.text().size();
        if (missing.size() == fields) {
            throw new IllegalStateException(none + " any field that headwater.models." + parts.name()
                    + ".features names: " + String.join(", ", missing));
        }
        LOG.warn(
                "{} {}, which headwater.models.{}.features names: is it spelled as in the records?",
                none,
                String.join(", ", missing),
                parts.name());
    }

    /** The fields that no example has. */
    private static List<String> missing(List<LabeledExample> examples, EventLayout layout) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < layout.numeric().size(); i++) {
            int slot = i;
            add(missing, layout.numeric().get(i), examples, event -> !Float.isNaN(event.numeric()[slot]));
        }
        for (int i = 0; i < layout.categorical().size(); i++) {
            int slot = i;
            add(missing, layout.categorical().get(i), examples, event -> event.categorical()[slot] != null);
        }
        for (int i = 0; i < layout.text().size(); i++) {
            int slot = i;
            add(missing, layout.text().get(i), examples, event -> event.text()[slot] != null);
        }
        return missing;
    }

    private static void add(List<String> missing, String field, List<LabeledExample> examples, Predicate<Event> hasIt) {
        if (examples.stream().map(LabeledExample::event).noneMatch(hasIt)) {
            missing.add(field);
        }
    }
}
