package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.HeadwaterConfig;
import io.headwater.config.ModelConfig;
import io.headwater.dataset.Flights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The compose file's parts agree with each other and with the program. */
final class ComposeConfTest {
    private static final Path CONF = Path.of("ops/docker/compose.conf");

    @Test
    void config_isAccepted_andSeesTheFlightsFields() {
        HeadwaterConfig config = HeadwaterConfig.read(CONF);
        assertThat(config.models()).hasSize(1);
        ModelConfig flights = config.models().get(0);
        assertThat(flights.features().numeric()).isEqualTo(Flights.LAYOUT.numeric());
        assertThat(flights.features().categorical()).isEqualTo(Flights.LAYOUT.categorical());
    }

    @Test
    void composeFile_usesWhatTheConfigNames() throws IOException {
        HeadwaterConfig config = HeadwaterConfig.read(CONF);
        ModelConfig flights = config.models().get(0);
        Path source = Path.of(flights.source().file());
        assertThat(Files.readString(Path.of("docker-compose.yml")))
                .contains("--bootstrap\", \"" + config.kafkaProperties().get("bootstrap.servers"))
                .contains("--model\", \"" + flights.name())
                .contains("flights:" + source.getParent() + ":ro")
                .contains("/var/lib/headwater/" + source.getFileName());
    }

    /** Nothing that the compose file starts has a password of its own. */
    @Test
    void everyPort_isBoundToLoopback() throws IOException {
        assertThat(Files.readAllLines(Path.of("docker-compose.yml")))
                .filteredOn(line -> line.matches("\\s+- \"[0-9.:]+:\\d+\""))
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(line -> line.contains("\"127.0.0.1:"));
    }
}
