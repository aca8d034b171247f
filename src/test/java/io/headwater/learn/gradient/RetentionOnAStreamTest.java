package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.feature.FeatureBatch;
import io.headwater.learn.Learner;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.StreamRetention;
import io.headwater.learn.retain.StreamRetention.Method;
import io.headwater.torch.TorchDevice;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A learner that is held to what it was: it forgets less, and it is the same after a restart. */
final class RetentionOnAStreamTest {
    private static final int ROWS = 32;
    private static final SourceModel SOURCE = new SourceTrainer(
                    SyntheticStream.SCHEMA, SourceSettings.DEFAULT, TorchDevice.CPU)
            .train(new SyntheticStream(42, 0, 0).take(1_000), epoch -> {});

    /** Without replay: what is kept is kept by the term alone. The intercept stays, so that loss tells of the net. */
    private static GradientSettings settings(StreamRetention retention, Keep kept, int replayRows) {
        GradientSettings usual = GradientSettings.DEFAULT;
        return new GradientSettings(
                usual.cut(),
                usual.learningRate(),
                usual.layerRates(),
                usual.weightDecay(),
                usual.clipNorm(),
                usual.steps(),
                usual.stepRows(),
                0,
                replayRows,
                0,
                usual.adaptation(),
                retention,
                kept,
                usual.statisticsHalfLife(),
                usual.maxRows(),
                1);
    }

    private static GradientLearner open(StreamRetention retention) {
        return new GradientLearner(SOURCE, settings(retention, Keep.UNIFORM, 0), TorchDevice.CPU);
    }

    /** Labels that say the opposite of what the source's did. */
    private static void feedOpposite(Learner learner, int batches, long seed) {
        SyntheticStream stream = new SyntheticStream(seed, 0, 0);
        float[] labels = new float[ROWS];
        for (int i = 0; i < batches; i++) {
            FeatureBatch batch = stream.batch(ROWS, labels);
            for (int row = 0; row < ROWS; row++) {
                labels[row] = 1 - labels[row];
            }
            learner.learn(batch, labels);
        }
    }

    private static double loss(Learner learner) {
        float[] labels = new float[1_000];
        float[] logits = new float[1_000];
        learner.logits(new SyntheticStream(77, 0, 0).batch(1_000, labels), logits);
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            sum += LogLoss.of(logits[i], labels[i]) / labels.length;
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void retention_forgetsLessOfTheSource_andStillLearns(Method method) {
        double atFirst;
        double forgotten;
        try (GradientLearner learner = open(StreamRetention.NONE)) {
            atFirst = loss(learner);
            feedOpposite(learner, 60, 5);
            forgotten = loss(learner);
        }
        try (GradientLearner learner = open(StreamRetention.by(method))) {
            assertThat(loss(learner)).isEqualTo(atFirst);
            feedOpposite(learner, 60, 5);
            assertThat(loss(learner)).as("after the opposite").isGreaterThan(atFirst + 0.02);
            assertThat(loss(learner) - atFirst).as("forgotten").isLessThan(0.8 * (forgotten - atFirst));
        }
    }

    /** What it is held to later is what it has become, so it comes to know the opposite in the end. */
    @ParameterizedTest
    @EnumSource(value = Method.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void anchors_thatAreTakenAnew_letItMoveOn(Method method) {
        double held;
        try (GradientLearner learner = open(new StreamRetention(method, OptionalDouble.empty(), 1_000_000))) {
            feedOpposite(learner, 120, 5);
            held = loss(learner);
        }
        try (GradientLearner learner = open(new StreamRetention(method, OptionalDouble.empty(), 160))) {
            feedOpposite(learner, 120, 5);
            assertThat(loss(learner)).isGreaterThan(held + 0.02);
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void restored_goesOnAsUninterrupted_alsoOverAnAnchor(Method method) {
        StreamRetention retention = new StreamRetention(method, OptionalDouble.empty(), 200);
        for (Keep kept : method == Method.NONE ? Keep.values() : new Keep[] {Keep.UNIFORM}) {
            GradientSettings settings = settings(retention, kept, 64);
            try (GradientLearner one = new GradientLearner(SOURCE, settings, TorchDevice.CPU);
                    GradientLearner two = new GradientLearner(SOURCE, settings, TorchDevice.CPU)) {
                new SyntheticStream(1, 0, 0).feed(one, 17);
                byte[] checkpoint = one.checkpoint();
                new SyntheticStream(2, 0, -2).feed(two, 20);
                two.restore(checkpoint);
                assertThat(two.checkpoint()).isEqualTo(checkpoint);

                new SyntheticStream(3, 0, 1).feed(one, 20);
                new SyntheticStream(3, 0, 1).feed(two, 20);

                assertThat(two.checkpoint()).isEqualTo(one.checkpoint());
                assertThat(two.weightsSha256()).isEqualTo(one.weightsSha256());
            }
        }
    }

    /** All owners of the source's rows were erased: nothing is held to until rows have come. */
    @ParameterizedTest
    @EnumSource(value = Method.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void sourceWithoutASample_isHeldToWhatItBecomes(Method method) {
        StreamRetention retention = new StreamRetention(method, OptionalDouble.empty(), 160);
        try (GradientLearner learner =
                        new GradientLearner(SOURCE.bare(), settings(retention, Keep.UNIFORM, 0), TorchDevice.CPU);
                GradientLearner free = open(StreamRetention.NONE)) {
            feedOpposite(learner, 4, 5);
            feedOpposite(free, 4, 5);
            if (method == Method.EWC) {
                assertThat(loss(learner)).isEqualTo(loss(free));
            }
            feedOpposite(learner, 60, 6);
            feedOpposite(free, 60, 6);
            assertThat(loss(learner)).isFinite().isNotEqualTo(loss(free));
        }
    }

    /** A service whose settings change goes on from its checkpoint. */
    @Test
    void checkpointOfAnotherMethod_isTakenOver_andHeldToFromThere() {
        try (GradientLearner before = open(StreamRetention.NONE);
                GradientLearner after = open(StreamRetention.by(Method.EWC))) {
            feedOpposite(before, 20, 5);
            after.restore(before.checkpoint());
            assertThat(after.weightsSha256()).isEqualTo(before.weightsSha256());

            feedOpposite(before, 40, 6);
            feedOpposite(after, 40, 6);

            assertThat(loss(after)).isLessThan(loss(before));
        }
    }

    @Test
    void nonsense_isRefused() {
        assertThatThrownBy(() -> new StreamRetention(Method.EWC, OptionalDouble.of(0), 10))
                .hasMessage("the strength of retention is 0.0; above 0.0 to 1.0E9 is allowed");
        assertThatThrownBy(() -> new StreamRetention(Method.EWC, OptionalDouble.empty(), 0))
                .hasMessageContaining("the labelled rows between two anchors of retention is 0");
        assertThatThrownBy(() -> Method.of("lwf"))
                .hasMessage("the method of retention is 'lwf'; allowed are none, l2-sp, ewc, distillation");
    }
}
