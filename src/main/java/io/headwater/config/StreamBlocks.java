package io.headwater.config;

import io.headwater.config.ModelConfig.Features;
import io.headwater.config.ModelConfig.Fields;
import io.headwater.config.ModelConfig.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/** The blocks of a model that say what its topics are and what their records hold, read and checked. */
final class StreamBlocks {
    private static final List<String> TOPICS =
            List.of("events", "labels", "scores", "dead-letters", "lineage", "versions");
    private static final int MAX_DEPTH = 16;

    private StreamBlocks() {}

    static Topics topics(String name, Section model) {
        Section made = model.sub("topics");
        Map<String, String> keyOf = new HashMap<>();
        for (String key : TOPICS) {
            String topic = topicOf(name, model, key);
            if (!topic.matches("[A-Za-z0-9._-]{1,249}") || topic.matches("\\.{1,2}")) {
                throw model.sub(key).wrong("topic", "letters, digits, '.', '_' and '-', at most 249");
            }
            String other = keyOf.putIfAbsent(topic, key);
            if (other != null) {
                // Scores or dead letters that flow back in as events would never end.
                throw model.sub(key)
                        .wrong(
                                "topic",
                                "a topic of its own; " + other + " has " + topic + " already",
                                List.of(model.sub(other).found("topic")));
            }
        }
        return new Topics(
                topicOf(name, model, "events"),
                topicOf(name, model, "labels"),
                topicOf(name, model, "scores"),
                topicOf(name, model, "dead-letters"),
                topicOf(name, model, "lineage"),
                made.flag("create"),
                made.integer("partitions", 1, 10_000),
                (short) made.integer("replication", 1, 100));
    }

    private static String topicOf(String name, Section model, String key) {
        return model.sub(key).textOr("topic", name + "." + key);
    }

    /**
     * Holds the models apart where a topic is read as if one model alone had written it. A lineage is; versions may lie
     * beside those of other models, whose keys they skip, but beside nothing else.
     *
     * @param models by name
     */
    static void checkApart(SortedMap<String, Section> models) {
        models.forEach((name, model) -> {
            for (String own : List.of("lineage", "versions")) {
                String topic = topicOf(name, model, own);
                models.forEach((otherName, other) -> {
                    for (String key : TOPICS) {
                        boolean isOwn = otherName.equals(name) || own.equals("versions") && key.equals(own);
                        if (!isOwn && topicOf(otherName, other, key).equals(topic)) {
                            throw model.sub(own)
                                    .wrong(
                                            "topic",
                                            "a topic that no other model has; headwater.models." + otherName + "." + key
                                                    + ".topic is " + topic + " too",
                                            List.of(other.sub(key).found("topic")));
                        }
                    }
                });
            }
        });
    }

    static Fields fields(Section model) {
        Section events = model.sub("events");
        events.choice("format", List.of("json"));
        Section erasure = model.sub("erasure");
        String owner = erasure.textOr("owner", "");
        if (owner.equals(model.sub("labels").text("label"))) {
            throw erasure.wrong("owner", "a field other than the label");
        }
        return new Fields(
                events.filled("id"),
                events.filled("time"),
                model.sub("labels").filled("label"),
                model.sub("labels").text("time"),
                owner,
                model.sub("scores").choice("format", List.of("json", "avro")));
    }

    static Features features(Section model) {
        Section features = model.sub("features");
        List<String> numeric = features.texts("numeric");
        List<String> categorical = features.texts("categorical");
        String text = features.text("text");
        if (numeric.isEmpty() && categorical.isEmpty() && text.isBlank()) {
            throw features.wrong("numeric", "at least one field name, here, in categorical or in text");
        }
        boolean weekday = features.flag("weekday");
        if (weekday && categorical.contains("weekday")) {
            throw features.wrong(
                    "weekday",
                    "false where a field of that name is among the categorical ones",
                    List.of(features.found("categorical")));
        }
        Set<String> seen = new HashSet<>();
        if (!text.isBlank()) {
            seen.add(text);
        }
        for (String key : List.of("numeric", "categorical")) {
            for (String field : features.texts(key)) {
                if (field.isBlank() || !seen.add(field)) {
                    throw features.wrong(key, "each field once; '" + field + "' is blank or named twice");
                }
            }
        }
        checkPaths(model);
        return new Features(
                numeric,
                categorical,
                features.flag("time-of-day"),
                weekday,
                features.integer("buckets", 2, 1 << 24),
                features.integer("numeric-bins", 0, 256),
                text,
                features.integer("max-tokens", 3, 1 << 14));
    }

    /** A field of the records, and the setting that names it. */
    private record Named(Section block, String key, String path, String field) {
        ConfigException wrong(String allowed, Named since) {
            return block.wrong(key, allowed, List.of(since.block.found(since.key)));
        }
    }

    /** One record holds all the fields: the label is no feature, and what is a value for one has no fields for another. */
    private static void checkPaths(Section model) {
        Map<String, Named> named = new LinkedHashMap<>();
        Named label = new Named(
                model.sub("labels"),
                "label",
                "labels.label",
                model.sub("labels").text("label"));
        for (Named field : named(model)) {
            if (field.path.startsWith("features.") && field.field.equals(label.field)) {
                throw field.wrong("no field that is the label; labels.label is " + label.field, label);
            }
            String[] names = field.field.split("\\.", -1);
            if (names.length > MAX_DEPTH || Stream.of(names).anyMatch(String::isBlank)) {
                throw field.block.wrong(
                        field.key,
                        "names between single dots, at most " + MAX_DEPTH + "; '" + field.field + "' is not that");
            }
            named.putIfAbsent(field.field, field);
        }
        for (Named inside : named.values()) {
            for (int dot = inside.field.indexOf('.'); dot >= 0; dot = inside.field.indexOf('.', dot + 1)) {
                Named around = named.get(inside.field.substring(0, dot));
                if (around != null) {
                    throw inside.wrong(
                            "no field inside another; '" + inside.field + "' lies in '" + around.field + "', which "
                                    + around.path + " names as a value",
                            around);
                }
            }
        }
    }

    private static List<Named> named(Section model) {
        List<Named> named = new ArrayList<>();
        for (String path : List.of(
                "features.text",
                "events.id",
                "events.time",
                "labels.label",
                "labels.time",
                "adaptation.domain",
                "erasure.owner")) {
            Section block = model.sub(path.substring(0, path.indexOf('.')));
            String key = path.substring(path.indexOf('.') + 1);
            if (!block.text(key).isBlank()) {
                named.add(new Named(block, key, path, block.text(key)));
            }
        }
        Section features = model.sub("features");
        for (String key : List.of("numeric", "categorical")) {
            features.texts(key).forEach(field -> named.add(new Named(features, key, "features." + key, field)));
        }
        return named;
    }
}
