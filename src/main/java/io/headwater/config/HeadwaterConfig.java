package io.headwater.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.headwater.spelling.NearNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All settings of one process, checked.
 *
 * @param dataDir where versions and checkpoints are kept
 * @param kafkaProperties for every Kafka client, bootstrap.servers included
 * @param httpHost address to listen on
 * @param httpPort port to listen on; 0 for a free one
 * @param models the served models, by name
 */
public record HeadwaterConfig(
        Path dataDir, Map<String, String> kafkaProperties, String httpHost, int httpPort, List<ModelConfig> models) {

    /** Below a folder that demo --keep made: its data-dir. */
    public static final String MODELS = "models";

    private static final String ROOT = "headwater";
    private static final String FREE_FORM = "headwater.kafka.properties.";
    private static final String BOOTSTRAP = "bootstrap.servers";
    private static final String MODEL_BLOCKS = "headwater.models.";
    private static final String DEFAULTS = "headwater.model-defaults.";

    public HeadwaterConfig {
        kafkaProperties = Map.copyOf(kafkaProperties);
        models = List.copyOf(models);
    }

    /**
     * Reads a config file over the defaults.
     *
     * @throws ConfigException if the file is missing or broken, or any key or value in it is wrong
     */
    public static HeadwaterConfig read(Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigException("the config file " + file + " cannot be read; name one with --config FILE");
        }
        try {
            return of(ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)));
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("the config file " + file + " is broken: " + e.getMessage());
        }
    }

    /**
     * Reads settings given as HOCON text, for programs that start Headwater themselves.
     *
     * @throws ConfigException if any key or value in it is wrong
     */
    public static HeadwaterConfig parse(String hocon) {
        try {
            return of(ConfigFactory.parseString(hocon));
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("the config is broken: " + e.getMessage());
        }
    }

    private static HeadwaterConfig of(Config user) {
        Config given = ConfigFactory.systemEnvironmentOverrides().withFallback(user);
        if (!given.root().containsKey(ROOT)) {
            throw new ConfigException("the config has no block '" + ROOT + "'");
        }
        Config defaults = ConfigFactory.defaultReference();
        // Resolved as one, so that a setting may refer to one that the file leaves out.
        return of(given.withFallback(defaults).resolve(), defaults);
    }

    static HeadwaterConfig of(Config all, Config defaults) {
        checkKeys(all, defaults);
        Section root = new Section("", all).sub(ROOT);
        Section http = root.sub("http");
        return new HeadwaterConfig(
                Path.of(root.filled("data-dir")),
                kafka(root.sub("kafka")),
                http.filled("host"),
                http.integer("port", 0, 65535),
                models(root.sub("models"), root.sub("model-defaults")));
    }

    private static Map<String, String> kafka(Section kafka) {
        Map<String, String> properties = new TreeMap<>(kafka.sub("properties").leaves());
        if (properties.containsKey(BOOTSTRAP)) {
            throw new ConfigException(
                    FREE_FORM + BOOTSTRAP + " is not a setting; the one to use is headwater.kafka.bootstrap-servers");
        }
        properties.put(BOOTSTRAP, kafka.filled("bootstrap-servers"));
        return properties;
    }

    private static List<ModelConfig> models(Section models, Section defaults) {
        SortedMap<String, Section> blocks = new TreeMap<>();
        models.keys().forEach(name -> blocks.put(name, models.sub(name).over(defaults)));
        List<ModelConfig> read = new ArrayList<>();
        blocks.forEach((name, block) -> read.add(ModelConfig.read(name, block)));
        if (read.isEmpty()) {
            throw new ConfigException(
                    "headwater.models is empty, allowed is at least one model: models { NAME { ... } }");
        }
        StreamBlocks.checkApart(blocks);
        return read;
    }

    /** A key that no default has is a misspelt key. */
    private static void checkKeys(Config all, Config defaults) {
        for (Map.Entry<String, ConfigValue> entry : all.withOnlyPath(ROOT).entrySet()) {
            List<String> path = ConfigUtil.splitPath(entry.getKey());
            String model = path.size() > 3 && path.get(1).equals("models") ? MODEL_BLOCKS + path.get(2) : "";
            String known =
                    model.isEmpty() ? entry.getKey() : DEFAULTS + ConfigUtil.joinPath(path.subList(3, path.size()));
            if (!entry.getKey().startsWith(FREE_FORM) && !isKnown(known, defaults)) {
                throw new ConfigException(String.join(".", path) + " is not a setting" + nearest(known, defaults, model)
                        + " (" + entry.getValue().origin().description() + ")");
            }
        }
    }

    /** A list from the environment has one numbered key for each of its elements. */
    static boolean isKnown(String key, Config defaults) {
        List<String> path = ConfigUtil.splitPath(key);
        List<String> parent = path.subList(0, path.size() - 1);
        return defaults.hasPathOrNull(key)
                || path.get(parent.size()).matches("[0-9]{1,6}")
                        && defaults.hasPath(ConfigUtil.joinPath(parent))
                        && defaults.getValue(ConfigUtil.joinPath(parent)).valueType() == ConfigValueType.LIST;
    }

    private static String nearest(String known, Config defaults, String model) {
        List<String> keys = defaults.withOnlyPath(ROOT).entrySet().stream()
                .map(Map.Entry::getKey)
                .toList();
        return NearNames.of(known, keys, 1).stream()
                .map(key -> "; the nearest one is " + (model.isEmpty() ? key : key.replace(DEFAULTS, model + ".")))
                .findFirst()
                .orElse("");
    }
}
