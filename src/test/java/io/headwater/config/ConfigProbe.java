package io.headwater.config;

import java.nio.file.Path;
import java.util.TreeMap;

/** Another process that reads a config file and says what it found. */
final class ConfigProbe {
    private ConfigProbe() {}

    /** @param args the config file */
    public static void main(String[] args) {
        try {
            HeadwaterConfig config = HeadwaterConfig.read(Path.of(args[0]));
            System.out.println("port " + config.httpPort());
            System.out.println("data " + config.dataDir());
            System.out.println("kafka " + new TreeMap<>(config.kafkaProperties()));
            for (ModelConfig model : config.models()) {
                System.out.println(
                        model.name() + " steps " + model.training().steps().orElse(0) + " numeric "
                                + model.features().numeric());
            }
        } catch (ConfigException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
