package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.cli.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShiftScenarioTest {
    /** Models that were opened with another seed would have a step of that in their lineage. */
    @Test
    void folderOfAnotherSeed_isRefused_beforeAnythingIsOpenedThere(@TempDir Path work) throws Exception {
        new ShiftScenario(1).claim(work);

        assertThatThrownBy(() -> new Demo(new ShiftScenario(2), work, 1, System.err).run(Duration.ZERO, most -> true))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("--seed is 2")
                .hasMessageContaining("holds a stream of seed 1");

        try (Stream<Path> files = Files.list(work)) {
            assertThat(files).containsExactly(work.resolve("seed"));
        }
    }
}
