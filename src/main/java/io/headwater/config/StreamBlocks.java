package io.headwater.config;

import io.headwater.config.ModelConfig.Features;
import io.headwater.config.ModelConfig.Fields;
import io.headwater.config.ModelConfig.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The blocks of a model that say what its topics are and what their records hold, read and checked. */
final class StreamBlocks {
    private StreamBlocks() {}

    static Topics topics(String name, Section model) {
        Section made = model.sub("topics");
        Map<String, String> keyOf = new HashMap<>();
        for (String key : List.of("events", "labels", "scores", "dead-letters", "lineage", "versions")) {
            String topic = model.sub(key).textOr("topic", name + "." + key);
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
                model.sub("events").textOr("topic", name + ".events"),
                model.sub("labels").textOr("topic", name + ".labels"),
                model.sub("scores").textOr("topic", name + ".scores"),
                model.sub("dead-letters").textOr("topic", name + ".dead-letters"),
                model.sub("lineage").textOr("topic", name + ".lineage"),
                made.flag("create"),
                made.integer("partitions", 1, 10_000),
                (short) made.integer("replication", 1, 100));
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

    static Features features(Section features) {
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
}
