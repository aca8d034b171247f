package io.headwater.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.OnnxModel;
import io.headwater.learn.RowLayouts;
import io.headwater.learn.StateWriter;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.online.MixtureModel;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureSourceTest {
    private static final int ROWS = 40;

    private final List<LabeledExample> examples = new SyntheticStream(1, 0, 0).take(2_000);

    private MixtureSource develop(long seed) {
        return MixtureSource.develop(examples, SyntheticStream.SCHEMA, seed);
    }

    @Test
    void developed_knowsTheSource_andTheSameExamplesGiveTheSameBytes() {
        MixtureSource source = develop(1);

        assertThat(source.validation().rows()).isBetween(100, 1_000);
        assertThat(source.validation().rocAuc()).isGreaterThan(0.8);
        byte[] again = develop(1).onnx();
        byte[] other = develop(2).onnx();
        assertThat(source.onnx()).isEqualTo(again).isNotEqualTo(other);
        assertThat(source.learner()).isEqualTo(develop(1).learner());
    }

    @Test
    void model_isWhatTheFileIs() {
        MixtureSource source = develop(1);
        FeatureBatch rows = new SyntheticStream(2, 0, 0).batch(ROWS, new float[ROWS]);
        float[] learner = new float[ROWS];
        float[] file = new float[ROWS];

        source.model().logits(rows, learner);
        try (OnnxModel model = new OnnxModel(source.onnx(), rows)) {
            model.logits(file);
        }

        assertThat(file).containsExactly(learner, Offset.offset(1e-5f));
    }

    @Test
    void kept_isReadBack_asWhatItWas(@TempDir Path dir) {
        MixtureSource source = develop(1);
        try (VersionStore store = VersionStore.open(dir, "m", 5)) {
            source.keep(store);

            VersionOne bare = VersionOne.kept(store);
            assertThat(bare.isBare()).isTrue();
            assertThat(bare.withRowsOf(store)).isInstanceOfSatisfying(MixtureSource.class, kept -> {
                assertThat(kept.layout()).isEqualTo(source.layout());
                assertThat(kept.onnx()).isEqualTo(source.onnx());
                assertThat(kept.validation()).isEqualTo(source.validation());
                try (MixtureModel model = kept.model()) {
                    assertThat(model.checkpoint()).isEqualTo(source.learner());
                }
            });
        }
    }

    /** Earlier releases announced all of it. */
    @Test
    void keptInOneFile_isKeptApart_fromThenOn(@TempDir Path dir) {
        MixtureSource source = develop(1);
        try (VersionStore store = VersionStore.open(dir, "m", 5)) {
            source.keep(store);
            byte[] apart = store.source().bytes();
            Map<String, byte[]> parts =
                    Map.of("learner.txt", store.source().part("learner.txt").orElseThrow());
            store.source().mirror(whole(source), parts);

            VersionOne one = VersionOne.keptApart(store);

            assertThat(one.isBare()).isTrue();
            assertThat(store.source().bytes()).isEqualTo(apart);
            assertThat(store.source().rows()).hasValue(source.learner());
        }
    }

    /** A learner would begin as another one, without a word. */
    @Test
    void lostRows_areToldToWhoLearns(@TempDir Path dir) {
        MixtureSource source = develop(1);
        try (VersionStore store = VersionStore.open(dir, "m", 5)) {
            store.source().mirror(source.toBytes(), Map.of());

            assertThatThrownBy(() -> source.bare().withRowsOf(store))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("source-rows.bin is missing");
        }
    }

    private static byte[] whole(MixtureSource source) {
        StateWriter out = new StateWriter("headwater mixture source", 1);
        RowLayouts.write(source.layout(), out);
        out.bytes(source.onnx()).bytes(source.learner());
        source.validation().write(out);
        return out.toBytes();
    }

    @Test
    void fewExamples_areRefused() {
        assertThatThrownBy(() -> MixtureSource.develop(examples.subList(0, 19), SyntheticStream.SCHEMA, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a source model is developed on at least 20 labelled examples, not 19");
    }
}
