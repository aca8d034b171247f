package io.headwater.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadValue;
import com.typesafe.config.ConfigException.Missing;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One block of settings and its path; each read checks the value and says what is allowed if it is wrong. */
final class Section {
    private static final String REFERENCE = "reference.conf";
    private static final String OR_AUTO = "auto or ";

    private final String path;
    private final Config config;
    /** Where the user began what this is a block of; empty where no user wrote it. */
    private final String begun;

    Section(String path, Config config) {
        this(path, config, "");
    }

    private Section(String path, Config config, String begun) {
        this.path = path;
        this.config = config;
        this.begun = begun;
    }

    Section sub(String key) {
        String quoted = ConfigUtil.quoteString(key);
        Config block = typed(key, "a block { ... }", () -> config.getConfig(quoted));
        return new Section(pathOf(key), block, begun);
    }

    /** This block, which a user wrote, with {@code defaults} for what it leaves out. */
    Section over(Section defaults) {
        return new Section(
                path, config.withFallback(defaults.config), config.origin().description());
    }

    /** The block as JSON with sorted keys, without {@code paths}. */
    String without(List<String> paths) {
        Config left = config;
        for (String leftOut : paths) {
            left = left.withoutPath(leftOut);
        }
        return left.root().render(ConfigRenderOptions.concise());
    }

    Set<String> keys() {
        return config.root().keySet();
    }

    /** Every value of the block as text, by its dotted path. */
    Map<String, String> leaves() {
        Map<String, String> leaves = new TreeMap<>();
        for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
            leaves.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    String.valueOf(entry.getValue().unwrapped()));
        }
        return leaves;
    }

    String text(String key) {
        return typed(key, "a text", () -> config.getString(key));
    }

    /** A text that is not blank. */
    String filled(String key) {
        String value = text(key);
        if (value.isBlank()) {
            throw wrong(key, "a text that is not blank");
        }
        return value;
    }

    String textOr(String key, String otherwise) {
        String value = text(key);
        return value.isBlank() ? otherwise : value;
    }

    List<String> texts(String key) {
        return List.copyOf(typed(key, "a list of texts", () -> config.getStringList(key)));
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
        return integer(key, min, max, "");
    }

    private int integer(String key, int min, int max, String or) {
        String allowed = or + "a whole number from " + min + " to " + max;
        int value = typed(key, allowed, () -> config.getInt(key));
        if (value < min || value > max || isBroken(key)) {
            throw wrong(key, allowed);
        }
        return value;
    }

    long seed(String key) {
        String allowed = "a whole number of at most 64 bits";
        long value = typed(key, allowed, () -> config.getLong(key));
        if (isBroken(key)) {
            throw wrong(key, allowed);
        }
        return value;
    }

    /** Whether a number has a fraction, or is too large to tell: getInt and getLong would round it in silence. */
    private boolean isBroken(String key) {
        Number number = config.getNumber(key);
        double value = number.doubleValue();
        return number instanceof Double && (value != Math.rint(value) || Math.abs(value) >= 0x1p53);
    }

    List<Integer> integers(String key, int min, int max) {
        String allowed = "a list of whole numbers from " + min + " to " + max;
        List<Integer> values = typed(key, allowed, () -> config.getIntList(key));
        if (values.stream().anyMatch(value -> value < min || value > max)) {
            throw wrong(key, allowed);
        }
        return List.copyOf(values);
    }

    /** A size such as {@code 64 MiB}. */
    long bytes(String key, long min, long max) {
        String allowed = "a size in bytes from " + min + " to " + max + ", such as 64 MiB";
        long value = typed(key, allowed, () -> config.getBytes(key));
        if (value < min || value > max) {
            throw wrong(key, allowed);
        }
        return value;
    }

    private boolean isAuto(String key) {
        @Nullable ConfigValue value = config.root().get(key);
        return value != null && "auto".equals(value.unwrapped());
    }

    /** Empty for {@code auto}. */
    OptionalInt integerOrAuto(String key, int min, int max) {
        return isAuto(key) ? OptionalInt.empty() : OptionalInt.of(integer(key, min, max, OR_AUTO));
    }

    /** Empty for {@code auto}. */
    OptionalDouble numberOrAuto(String key, double min, double max) {
        return isAuto(key) ? OptionalDouble.empty() : OptionalDouble.of(number(key, min, max, OR_AUTO));
    }

    /** Empty for {@code auto}. */
    Optional<Boolean> flagOrAuto(String key) {
        if (isAuto(key)) {
            return Optional.empty();
        }
        return Optional.of(typed(key, "true, false or auto", () -> config.getBoolean(key)));
    }

    double number(String key, double min, double max) {
        return number(key, min, max, "");
    }

    private double number(String key, double min, double max, String or) {
        String allowed = or + "a number from " + min + " to " + max;
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
        } catch (WrongType | BadValue | Missing e) {
            throw wrong(key, allowed);
        }
    }

    ConfigException wrong(String key, String allowed) {
        return wrong(key, allowed, List.of());
    }

    /**
     * What says that a value is wrong.
     *
     * @param since other values that make it wrong: where it is a default, the user finds one of these
     */
    ConfigException wrong(String key, String allowed, List<Found> since) {
        Found found = found(key);
        String place = Stream.concat(Stream.of(found), since.stream())
                .filter(Found::isOfUser)
                .findFirst()
                .map(Found::place)
                .orElse(begun);
        return new ConfigException(pathOf(key) + " is " + found.text() + (found.isOfUser() ? "" : " by default")
                + ", allowed is " + allowed + (place.isEmpty() ? "" : " (" + place + ")"));
    }

    /** What stands at a key, to say where. */
    Found found(String key) {
        return new Found(config.root().get(key));
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** A value as it was found. */
    record Found(@Nullable ConfigValue value) {
        /** Whether it is in a user's file, or environment, and not a default. */
        boolean isOfUser() {
            return value != null && !REFERENCE.equals(value.origin().resource());
        }

        String place() {
            return value == null ? "" : value.origin().description();
        }

        String text() {
            Object plain = value == null ? null : value.unwrapped();
            return "".equals(plain) ? "empty" : String.valueOf(plain);
        }
    }
}
