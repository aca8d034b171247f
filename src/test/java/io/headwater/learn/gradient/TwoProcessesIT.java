package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.ForkedJvm;
import io.headwater.learn.SyntheticStream;
import io.headwater.torch.TorchDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Development and learning give the same bits in two processes: a version can be rebuilt elsewhere. */
final class TwoProcessesIT {
    @Test
    void developmentAndLearning_giveTheSameBitsInTwoProcesses(@TempDir Path dir)
            throws IOException, InterruptedException {
        Path one = dir.resolve("one");
        Path two = dir.resolve("two");
        ForkedJvm.run(Learning.class, one.toString(), "1");
        ForkedJvm.run(Learning.class, two.toString(), "1");
        assertThat(Files.readAllBytes(one)).hasSizeGreaterThan(10_000).isEqualTo(Files.readAllBytes(two));

        Path other = dir.resolve("other");
        ForkedJvm.run(Learning.class, other.toString(), "2");
        assertThat(Files.readAllBytes(other)).isNotEqualTo(Files.readAllBytes(one));
    }

    /** Develops a source model, learns from a drifted stream, and writes the checkpoint. */
    static final class Learning {
        private Learning() {}

        public static void main(String[] arguments) throws IOException {
            long seed = Long.parseLong(arguments[1]);
            SourceModel source = new SourceTrainer(
                            SyntheticStream.SCHEMA, SourceSettings.DEFAULT.withSeed(seed), TorchDevice.CPU)
                    .train(new SyntheticStream(seed, 0, 0).take(300), epoch -> {});
            try (GradientLearner learner =
                    new GradientLearner(source, GradientSettings.DEFAULT.withSeed(seed), TorchDevice.of("auto"))) {
                new SyntheticStream(seed + 1, 1, -1).feed(learner, 60);
                Files.write(Path.of(arguments[0]), learner.checkpoint());
            }
        }
    }
}
