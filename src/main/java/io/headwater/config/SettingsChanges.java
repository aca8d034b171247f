package io.headwater.config;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What became of the settings that decide what is learned, in words. */
public final class SettingsChanges {
    /** Most changes that are told one by one. */
    private static final int MOST_TOLD = 12;

    private static final int LONGEST_VALUE = 80;

    private SettingsChanges() {}

    /** The keys whose values differ, with both values; says so where there is none. */
    public static String between(ModelConfig before, ModelConfig now) {
        Map<String, String> then = values(before);
        Map<String, String> today = values(now);
        TreeSet<String> keys = new TreeSet<>(then.keySet());
        keys.addAll(today.keySet());
        List<String> changes = new ArrayList<>();
        for (String key : keys) {
            String was = then.getOrDefault(key, "not there");
            String is = today.getOrDefault(key, "not there");
            if (!was.equals(is)) {
                changes.add(key + " is " + shown(is) + " and was " + shown(was));
            }
        }
        if (changes.isEmpty()) {
            return "no value differs, but the release has other keys";
        }
        String told = String.join("; ", changes.subList(0, Math.min(MOST_TOLD, changes.size())));
        return changes.size() > MOST_TOLD ? told + "; and " + (changes.size() - MOST_TOLD) + " more" : told;
    }

    private static Map<String, String> values(ModelConfig model) {
        Map<String, String> values = new TreeMap<>();
        new Section("", ConfigFactory.parseString(model.learning()))
                .leaves()
                .forEach((key, value) -> values.put(key, value.isEmpty() ? "empty" : value));
        return values;
    }

    private static String shown(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
    }
}
