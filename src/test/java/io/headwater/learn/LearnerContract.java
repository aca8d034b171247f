package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.feature.FeatureBatch;
import io.headwater.graph.OnnxGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Learner} keeps to; each implementation's test inherits it. Rows are {@link SyntheticStream}'s. */
public abstract class LearnerContract extends ErasureContract {
    private static final int ROWS = 16;

    @Test
    void logits_changeNothing_andDependOnTheRowAlone() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 3);
            byte[] before = learner.checkpoint();
            FeatureBatch probe = ProbeRows.probe(40);
            float[] together = logits(learner, probe);
            assertThat(logits(learner, probe)).isEqualTo(together);
            assertThat(learner.checkpoint()).isEqualTo(before);
            for (int row = 0; row < 40; row += 7) {
                FeatureBatch alone = new FeatureBatch(SyntheticStream.SCHEMA.rows(), 1);
                alone.copyRow(probe, row);
                assertThat(logits(learner, alone)[0]).isCloseTo(together[row], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sameCalls_giveTheSameBits(long seed) {
        try (Learner one = open(seed);
                Learner two = open(seed)) {
            new SyntheticStream(seed, 0.5, 1).feed(one, 20);
            new SyntheticStream(seed, 0.5, 1).feed(two, 20);
            assertThat(one.weightsSha256()).isEqualTo(two.weightsSha256()).hasSize(64);
            assertThat(one.checkpoint()).isEqualTo(two.checkpoint());
            assertThat(one.export()).isEqualTo(two.export());
            assertThat(logits(one, ProbeRows.probe(30))).isEqualTo(logits(two, ProbeRows.probe(30)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void restore_continuesAsIfUninterrupted(long seed) {
        try (Learner uninterrupted = open(seed);
                Learner restored = open(seed + 100)) {
            SyntheticStream stream = new SyntheticStream(seed, 0.5, 1);
            stream.feed(uninterrupted, 17);
            byte[] checkpoint = uninterrupted.checkpoint();
            new SyntheticStream(7, 0, -1).feed(restored, 5);
            assertThat(restored.weightsSha256()).isNotEqualTo(uninterrupted.weightsSha256());

            restored.restore(checkpoint);
            assertThat(restored.weightsSha256()).isEqualTo(uninterrupted.weightsSha256());
            assertThat(restored.checkpoint()).isEqualTo(checkpoint);

            new SyntheticStream(seed + 5, 1, 0).feed(uninterrupted, 17);
            new SyntheticStream(seed + 5, 1, 0).feed(restored, 17);
            assertThat(restored.checkpoint()).isEqualTo(uninterrupted.checkpoint());
            assertThat(restored.weightsSha256()).isEqualTo(uninterrupted.weightsSha256());
            assertThat(logits(restored, ProbeRows.probe(30))).isEqualTo(logits(uninterrupted, ProbeRows.probe(30)));
        }
    }

    @Test
    void restore_ofBadBytes_isRefusedAndChangesNothing() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 5);
            byte[] good = learner.checkpoint();
            new SyntheticStream(2, 0, 0).feed(learner, 2);
            byte[] state = learner.checkpoint();
            assertRefused(learner, new byte[0]);
            assertRefused(learner, "not a checkpoint at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertRefused(learner, Arrays.copyOf(good, good.length + 1));
            for (int length = 1; length < good.length; length += 1 + good.length / 50) {
                assertRefused(learner, Arrays.copyOf(good, length));
            }
            for (int at = 0; at < good.length; at += 1 + good.length / 50) {
                byte[] damaged = good.clone();
                damaged[at] ^= 0x10;
                assertRefused(learner, damaged);
            }
            assertThat(learner.checkpoint()).isEqualTo(state);
        }
    }

    private static void assertRefused(Learner learner, byte[] bytes) {
        assertThatThrownBy(() -> learner.restore(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void export_scoresAsLogitsDo_inOnnxRuntime() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 1, 2).feed(learner, 20);
            FeatureBatch probe = ProbeRows.hostile(ProbeRows.probe(50));
            try (OnnxModel model = new OnnxModel(learner.export(), probe)) {
                float[] exported = new float[probe.rows()];
                model.logits(exported);
                assertThat(exported).containsExactly(logits(learner, probe), within(1e-5f));
            }
        }
    }

    /** In a process of its own: DJL's engine insists on making the one ONNX Runtime environment itself. */
    @Test
    void export_scoresAsLogitsDo_inDjl(@TempDir Path dir) throws IOException, InterruptedException {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 1, 2).feed(learner, 20);
            FeatureBatch probe = ProbeRows.hostile(ProbeRows.probe(50));
            Path model = Files.write(dir.resolve("model.onnx"), learner.export());
            Path rows = Files.write(dir.resolve("rows"), DjlScores.write(probe));
            Path scores = dir.resolve("scores");
            ForkedJvm.run(DjlScores.class, model.toString(), rows.toString(), scores.toString());

            StateReader in = new StateReader(Files.readAllBytes(scores), "scores", 1);
            float[] expected = logits(learner, probe);
            assertThat(in.reals()).containsExactly(expected, within(1e-5f));
            float[] probabilities = in.reals();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) probabilities[i]).isCloseTo(1 / (1 + Math.exp(-expected[i])), within(1e-5));
            }
        }
    }

    @Test
    void hostileInput_leavesEverythingFinite() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 5);
            float[] labels = new float[ROWS];
            for (float label : new float[] {0, 1}) {
                Arrays.fill(labels, label);
                for (int i = 0; i < 30; i++) {
                    FeatureBatch hostile = ProbeRows.hostile(ProbeRows.probe(ROWS));
                    SyntheticStream.arrive(learner, hostile);
                    LearnReport report = learner.learn(hostile, labels);
                    assertThat(report.lossNats()).isFinite();
                }
            }
            ProbeRows.assertFinite(logits(learner, ProbeRows.hostile(ProbeRows.probe(ROWS))));
            new SyntheticStream(3, 0, 0).feed(learner, 5);
            ProbeRows.assertFinite(logits(learner, ProbeRows.probe(50)));
            for (var initializer :
                    OnnxGraph.read(learner.export()).initializers().values()) {
                boolean isFloat = initializer.type() == io.headwater.graph.ElementType.FLOAT;
                if (isFloat) {
                    ProbeRows.assertFinite(initializer.floats());
                }
            }
        }
    }

    @Test
    void emptyBatch_isNothing() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 2);
            byte[] before = learner.checkpoint();
            FeatureBatch empty = new FeatureBatch(SyntheticStream.SCHEMA.rows(), 4);
            SyntheticStream.arrive(learner, empty);
            LearnReport report = learner.learn(empty, new float[0]);
            learner.logits(empty, new float[0]);
            assertThat(report).isEqualTo(LearnReport.NOTHING);
            assertThat(learner.checkpoint()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void learn_followsTheStream(long seed) {
        try (Learner learner = open(seed)) {
            float[] labels = new float[1_000];
            FeatureBatch unseen = new SyntheticStream(seed + 50, 0, -2).batch(1_000, labels);
            double before = loss(logits(learner, unseen), labels);
            new SyntheticStream(seed, 0, -2).feed(learner, 80);
            assertThat(loss(logits(learner, unseen), labels)).isLessThan(0.9 * before);
        }
    }

    private static double loss(float[] logits, float[] labels) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += Math.log1p(Math.exp(labels[i] == 1 ? -logits[i] : logits[i]));
        }
        return sum / logits.length;
    }

    @Test
    void learn_ofALargeBatch_andOfOneRow() {
        try (Learner learner = open(1)) {
            float[] labels = new float[3_000];
            FeatureBatch large = new SyntheticStream(5, 0, 0).batch(3_000, labels);
            assertThat(learner.learn(large, labels).lossNats()).isPositive();
            ProbeRows.assertFinite(logits(learner, large));
            FeatureBatch one = new SyntheticStream(6, 0, 0).batch(1, labels);
            String before = learner.weightsSha256();
            learner.learn(one, labels);
            assertThat(learner.weightsSha256()).isNotEqualTo(before);
        }
    }
}
