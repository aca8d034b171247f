package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.LearnerContract;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.Trace;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.torch.TorchDevice;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

final class GradientLearnerAdaptationTest {
    private static final Map<Long, SourceModel> SOURCES = new ConcurrentHashMap<>();

    private static SourceModel source(long seed) {
        return SOURCES.computeIfAbsent(seed, TwoDomains::source);
    }

    private static GradientLearner open(StreamAdaptation adaptation, long seed) {
        return new GradientLearner(
                source(1), GradientSettings.DEFAULT.withAdaptation(adaptation).withSeed(seed), TorchDevice.CPU);
    }

    private static StreamAdaptation by(Alignment method) {
        return StreamAdaptation.by(method).withSources(Set.of(TwoDomains.HOME));
    }

    /** AUC abroad of a learner that gets labels from home alone, less that of the same learner without adaptation. */
    private static double gainAbroad(StreamAdaptation adaptation, long seed) {
        GradientSettings settings = GradientSettings.DEFAULT.withSeed(seed);
        double[] auc = new double[2];
        for (int i = 0; i < 2; i++) {
            StreamAdaptation used = i == 0 ? adaptation.withLambda(0) : adaptation;
            try (GradientLearner learner =
                    new GradientLearner(source(seed), settings.withAdaptation(used), TorchDevice.CPU)) {
                new TwoDomains(seed + 50).feed(learner, 120, TwoDomains.ABROAD);
                auc[i] = TwoDomains.rocAuc(learner, TwoDomains.ABROAD);
                assertThat(TwoDomains.rocAuc(learner, TwoDomains.HOME)).isGreaterThan(0.94);
            }
        }
        return auc[1] - auc[0];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void target_whoseLabelsNeverCome_isRankedBetterWithMmd(long seed) {
        assertThat(gainAbroad(by(Alignment.MMD), seed)).isGreaterThan(0.08);
    }

    @ParameterizedTest
    @CsvSource({"CORAL, 1, 0.02", "DANN, 1, 0.04", "CDAN, 1, 0.04"})
    void target_whoseLabelsNeverCome_isRankedBetter(Alignment method, double lambda, double least) {
        assertThat(gainAbroad(by(method).withLambda(lambda), 1)).isGreaterThan(least);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void lambda_ofItself_isAboutZeroWhereTheTargetIsAsTheSource(long seed) {
        try (GradientLearner learner = open(by(Alignment.MMD), seed)) {
            new TwoDomains(seed).feed(learner, 60, TwoDomains.ALIKE, TwoDomains.ABROAD);

            assertThat(learner.targets())
                    .extracting(TargetState::name)
                    .containsExactly(TwoDomains.ALIKE, TwoDomains.ABROAD);
            assertThat(learner.targets().get(0).lambda()).isBetween(0.0, 0.1);
            assertThat(learner.targets().get(1).lambda()).isBetween(0.3, 1.0);
            assertThat(learner.notes())
                    .startsWith("Adapted with mmd to 'alike' (lambda 0.")
                    .contains("'abroad' (lambda 0.")
                    .contains("proxy A-distance");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void lambdaZero_isNoMethod_bitForBit(Alignment method) {
        try (GradientLearner none = open(StreamAdaptation.NONE, 1);
                GradientLearner zero = open(by(method).withLambda(0), 1);
                GradientLearner noTarget = open(by(method).withLambda(1), 1);
                GradientLearner aligned = open(by(method).withLambda(1), 1)) {
            new TwoDomains(5).feed(none, 20, TwoDomains.ABROAD);
            new TwoDomains(5).feed(zero, 20, TwoDomains.ABROAD);
            new TwoDomains(5).feed(aligned, 20, TwoDomains.ABROAD);
            assertThat(zero.checkpoint()).isEqualTo(none.checkpoint());
            assertThat(zero.weightsSha256()).isEqualTo(none.weightsSha256());
            assertThat(aligned.weightsSha256()).isNotEqualTo(none.weightsSha256());

            try (GradientLearner alone = open(StreamAdaptation.NONE, 1)) {
                new TwoDomains(6).feed(alone, 20, TwoDomains.HOME);
                new TwoDomains(6).feed(noTarget, 20, TwoDomains.HOME);
                assertThat(noTarget.export())
                        .as("where all traffic is of a source")
                        .isEqualTo(alone.export());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void restore_withTargetsInTurn_continuesAsIfUninterrupted(Alignment method) {
        StreamAdaptation adaptation =
                new StreamAdaptation(method, OptionalDouble.empty(), Set.of(TwoDomains.HOME), 2, 16, 700, 64, 30, 0);
        String[] targets = {TwoDomains.ABROAD, "far", TwoDomains.ALIKE};
        try (GradientLearner one = open(adaptation, 1);
                GradientLearner other = open(adaptation, 2)) {
            TwoDomains stream = new TwoDomains(9);
            stream.feed(one, 11, targets);
            new TwoDomains(10).feed(other, 5, "elsewhere");
            other.restore(one.checkpoint());
            assertThat(other.checkpoint()).isEqualTo(one.checkpoint());
            assertThat(other.notes()).isEqualTo(one.notes());

            new TwoDomains(11).feed(one, 11, targets);
            new TwoDomains(11).feed(other, 11, targets);
            assertThat(one.targets()).extracting(TargetState::name).containsExactly(TwoDomains.ABROAD, "far");
            assertThat(other.checkpoint()).isEqualTo(one.checkpoint());
            assertThat(other.weightsSha256()).isEqualTo(one.weightsSha256());
        }
    }

    /** An operator switches adaptation and its guard on, and off again. */
    @Test
    void restore_whereAdaptationAndItsGuardComeAndGo_goesOnWithTheWeights() {
        try (GradientLearner before = open(StreamAdaptation.NONE, 1);
                GuardedLearner guarded = new GuardedLearner(
                        open(by(Alignment.MMD), 1), open(StreamAdaptation.NONE, 1), Set.of(TwoDomains.HOME));
                GradientLearner after = open(StreamAdaptation.NONE, 1)) {
            new TwoDomains(1).feed(before, 5, TwoDomains.ABROAD);

            guarded.restore(before.checkpoint());
            assertThat(guarded.export()).isEqualTo(before.export());

            new TwoDomains(2).feed(guarded, 20, TwoDomains.ABROAD);
            after.restore(guarded.checkpoint());
            assertThat(after.export()).isEqualTo(guarded.export()).isNotEqualTo(before.export());
        }
    }

    @Test
    void restore_ofALearnerThatAdaptedInAnotherWay_beginsToAlignAnew() {
        try (GradientLearner mmd = open(by(Alignment.MMD), 1);
                GradientLearner none = open(StreamAdaptation.NONE, 1);
                GradientLearner dann = open(by(Alignment.DANN), 1);
                GradientLearner fresh = open(by(Alignment.DANN), 1)) {
            new TwoDomains(9).feed(mmd, 30, TwoDomains.ABROAD);
            new TwoDomains(9).feed(dann, 30, TwoDomains.ABROAD);
            for (byte[] checkpoint : new byte[][] {mmd.checkpoint(), none.checkpoint()}) {
                dann.restore(checkpoint);
                fresh.restore(checkpoint);
                assertThat(dann.targets()).isEmpty();
                assertThat(dann.checkpoint()).isEqualTo(fresh.checkpoint());
            }
            none.restore(mmd.checkpoint());
            assertThat(none.weightsSha256()).isEqualTo(mmd.weightsSha256());
        }
    }

    /** A method that is taken up later begins with the source model's sample. */
    @Test
    void restore_afterAnErasure_alignsWithoutTheOwnersRowsOfTheSource() {
        try (GradientLearner none = open(StreamAdaptation.NONE, 1);
                GradientLearner mmd = open(by(Alignment.MMD), 1)) {
            FeatureBatch sample = source(1).sample().rows();
            float value = sample.numeric().get(1);
            byte[] plain = none.checkpoint();
            assertThat(Trace.isIn(plain, value)).isFalse();
            mmd.restore(plain);
            assertThat(Trace.isIn(mmd.checkpoint(), value)).isTrue();

            mmd.erase(OwnerKeys.of(sample.key(0)));
            mmd.restore(plain);

            assertThat(Trace.isIn(mmd.checkpoint(), value)).isFalse();
        }
    }

    @Test
    void method_whereNothingHiddenTrains_isRefused() {
        SourceModel whole = source(1);
        Anatomy anatomy = whole.anatomy();
        Anatomy headOnly = new Anatomy(
                anatomy.cuts(),
                anatomy.layers(),
                "",
                anatomy.score(),
                anatomy.intercept(),
                anatomy.means(),
                anatomy.scales());
        SourceModel source = new SourceModel(
                whole.onnx(), headOnly, whole.layout(), whole.statistics(), whole.sample(), whole.validation());

        assertThatThrownBy(() -> new GradientLearner(
                        source, GradientSettings.DEFAULT.withAdaptation(by(Alignment.MMD)), TorchDevice.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the method of adaptation is mmd, but all that it could align is frozen and has no gradient;"
                                + " none is allowed, or a deeper cut");
    }

    /** What every learner keeps to, with steps that align. */
    private abstract static class Adapted extends LearnerContract {
        private static final SourceModel SOURCE = new SourceTrainer(
                        SyntheticStream.SCHEMA, SourceSettings.DEFAULT, TorchDevice.CPU)
                .train(new SyntheticStream(42, 0, 0).take(400), epoch -> {});

        private final StreamAdaptation adaptation;

        Adapted(StreamAdaptation adaptation) {
            this.adaptation = adaptation;
        }

        @Override
        protected GradientLearner open(long seed) {
            return new GradientLearner(
                    SOURCE, GradientSettings.DEFAULT.withAdaptation(adaptation).withSeed(seed), TorchDevice.CPU);
        }
    }

    @Nested
    final class WithCoral extends Adapted {
        WithCoral() {
            super(StreamAdaptation.by(Alignment.CORAL).withLambda(1));
        }
    }

    @Nested
    final class WithMmdByDistance extends Adapted {
        WithMmdByDistance() {
            super(new StreamAdaptation(Alignment.MMD, OptionalDouble.empty(), Set.of(), 1, 16, 100, 64, 50, 0));
        }
    }

    @Nested
    final class WithDann extends Adapted {
        WithDann() {
            super(StreamAdaptation.by(Alignment.DANN).withLambda(0.1));
        }

        @Test
        void nativeArrays_overManySteps_areTheSame() {
            try (GradientLearner learner = open(1)) {
                SyntheticStream stream = new SyntheticStream(9, 0, 0);
                stream.feed(learner, 10);
                int before = learner.nativeArrays();
                stream.feed(learner, 50);
                assertThat(learner.nativeArrays()).isEqualTo(before).isLessThan(80);
            }
        }
    }
}
