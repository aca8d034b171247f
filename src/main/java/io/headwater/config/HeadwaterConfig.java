package io.headwater.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    /** Reads settings given as HOCON text, for programs that start Headwater themselves. */
    public static HeadwaterConfig parse(String hocon) {
        return of(ConfigFactory.parseString(hocon));
    }

    private static HeadwaterConfig of(Config user) {
        Config given =
                ConfigFactory.systemEnvironmentOverrides().withFallback(user).resolve();
        Config defaults = ConfigFactory.defaultReference();
        checkKeys(given, defaults);
        Config all = given.withFallback(defaults);
        Section root = new Section(ROOT, all.getConfig(ROOT));
        Section http = root.sub("http");
        return new HeadwaterConfig(
                Path.of(root.text("data-dir")),
                kafka(root.sub("kafka"), all),
                http.text("host"),
                http.integer("port", 0, 65535),
                models(all));
    }

    private static Map<String, String> kafka(Section kafka, Config all) {
        Map<String, String> properties = new TreeMap<>();
        for (Map.Entry<String, ConfigValue> entry :
                all.getConfig("headwater.kafka.properties").entrySet()) {
            properties.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    String.valueOf(entry.getValue().unwrapped()));
        }
        properties.put("bootstrap.servers", kafka.text("bootstrap-servers"));
        return properties;
    }

    private static List<ModelConfig> models(Config all) {
        Config defaults = all.getConfig("headwater.model-defaults");
        List<ModelConfig> models = all.getObject("headwater.models").keySet().stream()
                .sorted()
                .map(name -> ModelConfig.read(
                        name,
                        new Section(
                                "headwater.models." + name,
                                all.getConfig("headwater.models." + ConfigUtil.quoteString(name))
                                        .withFallback(defaults))))
                .toList();
        if (models.isEmpty()) {
            throw new ConfigException(
                    "headwater.models is empty, allowed is at least one model: models { NAME { ... } }");
        }
        return models;
    }

    /** A key that no default has is a misspelt key. */
    private static void checkKeys(Config given, Config defaults) {
        if (!given.hasPath(ROOT)) {
            throw new ConfigException("the config has no block 'headwater'");
        }
        for (Map.Entry<String, ConfigValue> entry : given.withOnlyPath(ROOT).entrySet()) {
            List<String> path = ConfigUtil.splitPath(entry.getKey());
            boolean ofModel = path.size() > 3 && path.get(1).equals("models");
            String known = ofModel
                    ? "headwater.model-defaults." + ConfigUtil.joinPath(path.subList(3, path.size()))
                    : entry.getKey();
            if (!entry.getKey().startsWith(FREE_FORM) && !defaults.hasPathOrNull(known)) {
                throw new ConfigException(String.join(".", path) + " is not a setting"
                        + nearest(known, defaults, ofModel ? "headwater.models." + path.get(2) : "") + " ("
                        + entry.getValue().origin().description() + ")");
            }
        }
    }

    private static String nearest(String known, Config defaults, String model) {
        return defaults.withOnlyPath(ROOT).entrySet().stream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith("headwater.model-defaults.") == !model.isEmpty())
                .min(Comparator.comparingInt(key -> distance(key, known)))
                .map(key -> "; the nearest one is "
                        + (model.isEmpty() ? key : key.replace("headwater.model-defaults", model)))
                .orElse("");
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
