package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings from the environment, which a process gets once: each test reads them in a process of its own. */
class EnvironmentTest {
    private static final String CONFIG = """
            headwater {
              http.port = 8000
              models.fraud-eu { features.numeric = [amount] }
              models.card_risk { features.numeric = [amount] }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void environment_overridesFileAndDefaults() throws Exception {
        List<String> said = start(Map.of(
                "CONFIG_FORCE_headwater_http_port", "9000",
                "CONFIG_FORCE_headwater_data__dir", "/data",
                "CONFIG_FORCE_headwater_kafka_bootstrap__servers", "kafka:29092",
                "CONFIG_FORCE_headwater_kafka_properties_security_protocol", "SASL_SSL",
                "CONFIG_FORCE_headwater_models_fraud__eu_training_steps", "7",
                "CONFIG_FORCE_headwater_models_card___risk_training_steps", "8",
                "CONFIG_FORCE_headwater_models_fraud__eu_features_numeric_0", "risk",
                "CONFIG_FORCE_headwater_models_fraud__eu_features_numeric_1", "amount",
                "UNRELATED", "1"));

        assertThat(said)
                .containsExactly(
                        "port 9000",
                        "data /data",
                        "kafka {bootstrap.servers=kafka:29092, security.protocol=SASL_SSL}",
                        "card_risk steps 8 numeric [amount]",
                        "fraud-eu steps 7 numeric [risk, amount]");
    }

    @Test
    void misspeltVariable_isRefusedWithTheNearestKey() throws Exception {
        List<String> said = start(Map.of("CONFIG_FORCE_headwater_http_prot", "9000"));

        assertThat(said).hasSize(1);
        assertThat(said.get(0))
                .startsWith("refused: headwater.http.prot is not a setting; the nearest one is headwater.http.port (");
    }

    @Test
    void wrongValueOfAVariable_isRefused() throws Exception {
        List<String> said = start(Map.of("CONFIG_FORCE_headwater_http_port", "80.5"));

        assertThat(said).hasSize(1);
        assertThat(said.get(0))
                .startsWith("refused: headwater.http.port is 80.5, allowed is a whole number from 0 to 65535");
    }

    private List<String> start(Map<String, String> environment) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("headwater.conf"), CONFIG);
        ProcessBuilder process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ConfigProbe.class.getName(),
                file.toString());
        process.environment().putAll(new HashMap<>(environment));
        Process running = process.redirectErrorStream(true).start();
        List<String> lines = running.inputReader().lines().toList();
        assertThat(running.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
