package io.headwater.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadValue;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** One block of settings and its path; each read checks the value and says what is allowed if it is wrong. */
final class Section {
    private final String path;
    private final Config config;

    Section(String path, Config config) {
        this.path = path;
        this.config = config;
    }

    Section sub(String key) {
        return new Section(path + "." + key, config.getConfig(key));
    }

    String text(String key) {
        return typed(key, "a text", () -> config.getString(key));
    }

    String textOr(String key, String otherwise) {
        String value = text(key);
        return value.isBlank() ? otherwise : value;
    }

    List<String> texts(String key) {
        return typed(key, "a list of texts", () -> config.getStringList(key));
    }

    String choice(String key, List<String> allowed) {
        String value = text(key);
        if (!allowed.contains(value)) {
            throw wrong(key, "one of " + String.join(", ", allowed));
        }
        return value;
    }

    String matching(String key, String pattern, String allowed) {
        String value = text(key);
        if (!value.matches(pattern)) {
            throw wrong(key, allowed);
        }
        return value;
    }

    boolean flag(String key) {
        return typed(key, "true or false", () -> config.getBoolean(key));
    }

    int integer(String key, int min, int max) {
        String allowed = "a whole number from " + min + " to " + max;
        int value = typed(key, allowed, () -> config.getInt(key));
        if (value < min || value > max) {
            throw wrong(key, allowed);
        }
        return value;
    }

    long seed(String key) {
        return typed(key, "a whole number", () -> config.getLong(key));
    }

    double number(String key, double min, double max) {
        String allowed = "a number from " + min + " to " + max;
        double value = typed(key, allowed, () -> config.getDouble(key));
        if (!(value >= min && value <= max)) {
            throw wrong(key, allowed);
        }
        return value;
    }

    Duration duration(String key, Duration min, Duration max) {
        String allowed = "a duration from " + millis(min) + " to " + millis(max);
        Duration value = typed(key, allowed, () -> config.getDuration(key));
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw wrong(key, allowed);
        }
        return value;
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private <T> T typed(String key, String allowed, Supplier<T> read) {
        try {
            return read.get();
        } catch (WrongType | BadValue e) {
            throw wrong(key, allowed);
        }
    }

    ConfigException wrong(String key, String allowed) {
        ConfigValue found = config.getValue(key);
        return new ConfigException(path + "." + key + " is " + found.unwrapped() + ", allowed is " + allowed + " ("
                + found.origin().description() + ")");
    }
}
