package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.graph.Backbone;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MiniLM fine-tuned at every depth: what trains on PyTorch is what ONNX Runtime serves, and the rest stays as it was. */
final class MiniLmTrainingIT {
    private static final float TOLERANCE = 1e-4f;
    private static final int STEPS = 6;
    private static final OnnxGraph MODEL = FineTuning.miniLm();

    /** The batch that the last step took, scored before and after all steps, comes out nearer to its labels. */
    @ParameterizedTest
    @CsvSource({"head, 1e-2", "last:1, 1e-3", "last:2, 1e-3", "last:7, 3e-4"})
    void trainedAtACut_isTheSameInBothRuntimes(String cut, float learningRate) {
        Backbone backbone = Backbone.of(MODEL, cut, 1, List.of(), 11);
        OnnxGraph whole = backbone.split().whole();
        try (FineTuning training = new FineTuning(backbone, 5, 12)) {
            training.stage(new Random(3));
            assertThat(training.scores()).containsExactly(training.logits(whole), within(TOLERANCE));

            double first = training.step(learningRate);
            double last = first;
            for (int i = 1; i < STEPS; i++) {
                last = training.step(learningRate);
            }
            assertThat(last)
                    .as("loss after %d steps, %s at first", STEPS - 1, first)
                    .isLessThan(0.95 * first);

            Map<String, float[]> trained = training.weights();
            OnnxGraph merged = OnnxGraph.read(backbone.split().merge(trained).toBytes());
            assertThat(training.scores()).containsExactly(training.logits(merged), within(TOLERANCE));

            assertThat(frozen(merged, backbone)).isEqualTo(frozen(whole, backbone));
            Map<String, float[]> before = new LinkedHashMap<>();
            trained.forEach((name, values) -> {
                before.put(name, whole.initializer(name).floats());
                assertThat(values).as(name).isNotEqualTo(before.get(name));
            });
            assertThat(merged.withInitializers(before).toBytes())
                    .as("all but the trained weights")
                    .isEqualTo(whole.toBytes());
        }
    }

    /** The bytes of what makes the frontier. */
    private static byte[] frozen(OnnxGraph whole, Backbone backbone) {
        return backbone.split()
                .prefix()
                .map(prefix -> GraphSplitter.endingAt(
                                whole,
                                prefix.outputs().stream().map(TensorSpec::name).toList())
                        .toBytes())
                .orElse(new byte[0]);
    }

    @Test
    void sameSeedAndBatches_inTwoProcesses_giveTheSameBits(@TempDir Path work) throws Exception {
        String cut = "last:1";
        assertThat(inAFreshProcess(work.resolve("once"), cut, 4, 5))
                .isEqualTo(inAFreshProcess(work.resolve("again"), cut, 4, 5))
                .isEqualTo(FineTuningMain.fingerprint(cut, 4, 5))
                .isNotEqualTo(FineTuningMain.fingerprint(cut, 4, 6));
    }

    private static String inAFreshProcess(Path log, String cut, int steps, long seed)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        FineTuningMain.class.getName(),
                        cut,
                        Integer.toString(steps),
                        Long.toString(seed))
                .redirectError(log.toFile())
                .redirectOutput(log.resolveSibling(log.getFileName() + ".out").toFile());
        // ONNX Runtime does not survive a long command line, so the class path goes this way.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        String printed =
                Files.readString(log.resolveSibling(log.getFileName() + ".out")).strip();
        return printed.substring(printed.lastIndexOf('\n') + 1);
    }
}
