package io.headwater.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.headwater.spelling.NearNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Options kept in a HOCON file, its keys their names without the dashes in front. */
final class RecipeFile {
    private static final int SUGGESTIONS = 5;

    private RecipeFile() {}

    /**
     * What the file says as words of a command line, in the order of the keys.
     *
     * @param allowed names of options, with their dashes
     * @throws CommandFailedException if the file cannot be read or has another key; the message names the nearest
     */
    static List<String> words(Path file, Set<String> allowed) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailedException("there is no recipe " + file);
        }
        try {
            Config config = ConfigFactory.parseFile(file.toFile()).resolve();
            List<String> words = new ArrayList<>();
            for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
                String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
                if (!allowed.contains("--" + key)) {
                    Set<String> known = new TreeSet<>();
                    allowed.forEach(name -> known.add(name.substring(2)));
                    throw new CommandFailedException("the recipe " + file + " has the key '" + key
                            + "'; the nearest that are allowed are "
                            + String.join(", ", NearNames.of(key, known, SUGGESTIONS)));
                }
                words.add("--" + key + "=" + text(entry.getValue()));
            }
            return words.stream().sorted().toList();
        } catch (ConfigException e) {
            throw new CommandFailedException("the recipe " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(ConfigValue value) {
        return value instanceof ConfigList list
                ? list.stream().map(RecipeFile::text).collect(Collectors.joining(","))
                : String.valueOf(value.unwrapped());
    }
}
