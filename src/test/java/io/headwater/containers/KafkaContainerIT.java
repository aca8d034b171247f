package io.headwater.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.Prerequisite;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** What runs on Kafka runs on the official image too, not only on the embedded broker. */
@Tag("containers")
final class KafkaContainerIT {
    private static final KafkaContainer KAFKA =
            new KafkaContainer("apache/kafka:4.3.1").withStartupTimeout(Duration.ofSeconds(90));

    @BeforeAll
    static void start() {
        Prerequisite.require(
                DockerClientFactory.instance().isDockerAvailable(), KafkaContainerIT.class, "no Docker engine answers");
        KAFKA.start();
    }

    @AfterAll
    static void stop() {
        KAFKA.stop();
    }

    @Test
    void starts() throws Exception {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.getBootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }
}
