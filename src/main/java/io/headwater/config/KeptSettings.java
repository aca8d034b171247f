package io.headwater.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Settings of a model as a registry kept them, see {@link ModelConfig#learning}: they mean what they meant to the release
 * that kept them. What the environment says counts for the settings of now alone.
 */
public final class KeptSettings {
    private static final String CORAL = "training.coral";
    private static final String METHOD = "adaptation.method";
    private static final String FADES = "adaptation.fade-labels";

    /** What was done before there was such a key, where its default does something else. */
    private static final Map<String, Object> BEFORE_THE_KEY =
            Map.of("adaptation.guard", false, "training.calibrate", false, FADES, 0);

    private KeptSettings() {}

    /**
     * The settings of {@code model} that were kept as {@code json}.
     *
     * @param ofNet whether the gradient learner trains a net that was made from scratch; it was aligned with today's
     *     traffic where nothing was said, once
     * @throws ConfigException if they ask for what this release cannot do any more
     */
    public static ModelConfig read(String model, String json, boolean ofNet) {
        Config defaults = ConfigFactory.defaultReference();
        Config known = defaults.getConfig("headwater.model-defaults");
        Config kept = withoutCoral(model, ConfigFactory.parseString(json), ofNet);
        checkUnitOfCoral(model, kept);
        List<String> unknown = kept.entrySet().stream()
                .filter(entry -> !HeadwaterConfig.isKnown(entry.getKey(), known))
                .map(KeptSettings::described)
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigException("the kept settings of model " + model + " have " + String.join(", ", unknown)
                    + ", which this release does not know; the release that kept them can rebuild what they made");
        }
        for (Map.Entry<String, Object> before : BEFORE_THE_KEY.entrySet()) {
            if (known.hasPathOrNull(before.getKey()) && !kept.hasPathOrNull(before.getKey())) {
                kept = kept.withValue(before.getKey(), ConfigValueFactory.fromAnyRef(before.getValue()));
            }
        }
        Config all =
                kept.atPath(ConfigUtil.joinPath("headwater", "models", model)).withFallback(defaults);
        return HeadwaterConfig.of(all.resolve(), defaults).models().get(0);
    }

    /** CORAL was a key of training: 0 turned it off, and auto did where nothing but a net from scratch had it. */
    private static Config withoutCoral(String model, Config kept, boolean ofNet) {
        if (!kept.hasPath(CORAL)) {
            return kept;
        }
        Object coral = kept.getValue(CORAL).unwrapped();
        boolean off = coral.equals("auto") ? !ofNet : coral instanceof Number number && number.doubleValue() == 0;
        boolean gradient = ofNet || !Stream.of("backbone.file", "source.model").allMatch(key -> isBlank(kept, key));
        if (!off && gradient) {
            throw new ConfigException("the kept settings of model " + model + " have " + CORAL + " = " + coral
                    + ", an alignment that later releases do otherwise (adaptation.method); the release that kept them"
                    + " can rebuild what they made");
        }
        return kept.withoutPath(CORAL);
    }

    /** CORAL counted in the features' own unit until a key came that settings of then lack. */
    private static void checkUnitOfCoral(String model, Config kept) {
        boolean coral = kept.hasPath(METHOD) && kept.getString(METHOD).equals("coral");
        if (coral && !kept.hasPath(FADES)) {
            throw new ConfigException(
                    "the kept settings of model " + model + " have " + METHOD + " = coral, whose lambda"
                            + " later releases count in another unit; the release that kept them can rebuild what they made");
        }
    }

    private static boolean isBlank(Config kept, String key) {
        return !kept.hasPath(key) || kept.getString(key).isBlank();
    }

    private static String described(Map.Entry<String, ConfigValue> entry) {
        return String.join(".", ConfigUtil.splitPath(entry.getKey())) + " = "
                + entry.getValue().unwrapped();
    }
}
