package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.feature.FeatureBatch;
import io.headwater.learn.online.MixtureModel;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardedLearnerTest extends LearnerContract {
    private static final int ROWS = 8;
    private static final float TRUE_SLOPE = 2;

    /** Two lines that differ from the start, as an adapted and an unadapted one do. */
    @Override
    protected Learner open(long seed) {
        return new GuardedLearner(
                new MixtureModel(SyntheticStream.SCHEMA.rows(), seed),
                new MixtureModel(SyntheticStream.SCHEMA.rows(), seed + 1000),
                Set.of());
    }

    /** Labelled rows whose class follows the first number, seen at arrival or not. */
    private static final class World {
        private final Random random;
        private final FeatureBatch batch = new FeatureBatch(SyntheticStream.SCHEMA.rows(), ROWS);
        private final float[] labels = new float[ROWS];
        private final float[] out = new float[ROWS];

        World(long seed) {
            random = new Random(seed);
        }

        void next(String domain) {
            batch.clear();
            FeatureBatch rows = new SyntheticStream(1, 0, 0).batch(ROWS, labels);
            for (int row = 0; row < ROWS; row++) {
                batch.copyRow(rows, row);
                float x = (float) random.nextGaussian();
                batch.numeric().put(row * batch.numericWidth(), x);
                batch.setDomain(row, domain);
                labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-TRUE_SLOPE * x)) ? 1 : 0;
            }
        }

        /** Labels until the learner changes over; {@code most} + 1 where it does not. */
        int labelsToSwitch(Learner learner, String domain, boolean seenAtArrival, int most) {
            for (int labelled = ROWS; labelled <= most; labelled += ROWS) {
                next(domain);
                Memos memos = new Memos(ROWS, learner.memoLength());
                if (seenAtArrival) {
                    learner.arrive(batch, out, memos);
                }
                if (learner.learn(batch, labels, memos).switched()) {
                    return labelled;
                }
            }
            return most + 1;
        }
    }

    private final SlopeLearner adapted = new SlopeLearner(TRUE_SLOPE);
    private final SlopeLearner plain = new SlopeLearner(TRUE_SLOPE);
    private final GuardedLearner guarded = new GuardedLearner(adapted, plain, Set.of("home"));

    private boolean usesAdapted() {
        return guarded.adaptation().orElseThrow().adapted();
    }

    @Test
    void sameLines_neverChangeOver() {
        assertThat(new World(1).labelsToSwitch(guarded, "abroad", true, 5_000)).isGreaterThan(5_000);
        assertThat(usesAdapted()).isTrue();
        assertThat(guarded.adaptation().orElseThrow().labels()).isEqualTo(5_000);
    }

    /** Each is as far from the truth as the other: neither loses less in the long run. */
    @Test
    void equallyGoodLines_rarelyChangeOver() {
        int changed = 0;
        for (int seed = 0; seed < 200; seed++) {
            GuardedLearner one = new GuardedLearner(
                    new SlopeLearner(1.2f), new SlopeLearner(3.0277f), Set.of()); // equal log loss under slope 2
            changed += new World(seed).labelsToSwitch(one, "", true, 1_000) <= 1_000 ? 1 : 0;
        }
        assertThat(changed).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void harmfulAdaptation_isLeft_andTakenUpAgainWhenItHelps(long seed) {
        // Given an adapted line that is wrong about everything
        World world = new World(seed);
        adapted.slope = -TRUE_SLOPE;

        // When labels of the target come, then the unadapted one is in use before a hundred of them
        assertThat(world.labelsToSwitch(guarded, "abroad", true, 1_000)).isLessThan(100);
        assertThat(usesAdapted()).isFalse();
        assertThat(guarded.export()).isEqualTo(plain.export());
        assertThat(guarded.notes()).contains("The unadapted line is in use", "since switch 1");

        // When it has long been the better one, and is not any more
        assertThat(world.labelsToSwitch(guarded, "abroad", true, 5_000)).isGreaterThan(5_000);
        assertThat(guarded.adaptation().orElseThrow().leadNats()).isBetween(-1.5, -0.8);
        adapted.slope = TRUE_SLOPE;
        plain.slope = -TRUE_SLOPE;

        // Then adaptation is in use again
        assertThat(world.labelsToSwitch(guarded, "abroad", true, 1_000)).isLessThan(500);
        assertThat(usesAdapted()).isTrue();
        assertThat(guarded.adaptation().orElseThrow().switches()).isEqualTo(2);
    }

    @Test
    void labelsOfSources_haveNoSay() {
        World world = new World(1);
        adapted.slope = -TRUE_SLOPE;
        assertThat(world.labelsToSwitch(guarded, "home", true, 2_000)).isGreaterThan(2_000);
        assertThat(guarded.adaptation().orElseThrow().labels()).isZero();
        assertThat(guarded.notes()).contains("no target label that speaks for either has come");
        assertThat(adapted.learned).isEqualTo(plain.learned).isEqualTo(2_000);
    }

    /** Where labels come weeks late nobody remembers what was said of their events. */
    @Test
    void rowsThatNobodySawArrive_areAskedOfBothWhenTheirLabelComes() {
        adapted.slope = -TRUE_SLOPE;

        assertThat(new World(1).labelsToSwitch(guarded, "abroad", false, 2_000)).isLessThan(100);
        assertThat(usesAdapted()).isFalse();
    }

    @Test
    void labelsOfOneClassAlone_decideNothing() {
        World world = new World(1);
        adapted.slope = -TRUE_SLOPE;
        Memos none = new Memos(ROWS, guarded.memoLength());
        for (int i = 0; i < 200; i++) {
            world.next("abroad");
            for (int row = 0; row < ROWS; row++) {
                int x = row * world.batch.numericWidth();
                world.batch.numeric().put(x, Math.abs(world.batch.numeric().get(x)));
                world.labels[row] = 1;
            }
            guarded.learn(world.batch, world.labels, none);
        }
        assertThat(guarded.adaptation().orElseThrow().leadNats()).isNegative();
        assertThat(usesAdapted()).isTrue();

        assertThat(world.labelsToSwitch(guarded, "abroad", true, 200)).isLessThan(100);
    }

    @Test
    void restored_ofALearnerThatWasAlone_bothAreWhatItWas_andTheOtherWayRound() {
        SlopeLearner alone = new SlopeLearner(7);
        guarded.restore(alone.checkpoint());
        assertThat(adapted.slope).isEqualTo(plain.slope).isEqualTo(7);

        adapted.slope = 3;
        SlopeLearner again = new SlopeLearner(0);
        again.restore(GuardedLearner.inUse(guarded.checkpoint()));
        assertThat(again.slope).isEqualTo(3);
        assertThat(GuardedLearner.inUse(alone.checkpoint())).isEqualTo(alone.checkpoint());
    }

    @Test
    void aSwitch_isToldOnce_andIsInTheHash() {
        World world = new World(1);
        adapted.slope = -TRUE_SLOPE;
        String before = guarded.weightsSha256();
        String note = "";
        for (int i = 0; i < 50; i++) {
            world.next("");
            Memos memos = new Memos(ROWS, guarded.memoLength());
            guarded.arrive(world.batch, world.out, memos);
            note += guarded.learn(world.batch, world.labels, memos).note();
        }
        assertThat(note)
                .containsOnlyOnce("adaptation hurts: over ")
                .contains("so candidates are made of the unadapted one");
        assertThat(guarded.weightsSha256()).isNotEqualTo(before).hasSize(64);
    }

    @Test
    void said_isWhatTheLineInUseSaidThen_asItMapsItNow() {
        World world = new World(1);
        adapted.slope = -TRUE_SLOPE;
        world.next("abroad");
        Memos memos = new Memos(ROWS, guarded.memoLength());
        guarded.arrive(world.batch, world.out, memos);
        float x = world.batch.numeric().get(0);
        float[] memo = memos.of(0).clone();
        assertThat(guarded.said(memo, world.out[0])).isEqualTo(world.out[0]).isEqualTo(-TRUE_SLOPE * x);

        adapted.map = 2;
        plain.map = 3;
        assertThat(guarded.said(memo, -TRUE_SLOPE * x)).isEqualTo(-TRUE_SLOPE * x + 2);

        world.labelsToSwitch(guarded, "abroad", true, 1_000);

        assertThat(guarded.said(memo, -TRUE_SLOPE * x)).isEqualTo(TRUE_SLOPE * x + 3);
    }

    @Test
    void restored_changesOverAtTheSameLabel() {
        World world = new World(3);
        adapted.slope = -TRUE_SLOPE;
        assertThat(world.labelsToSwitch(guarded, "abroad", true, 2 * ROWS)).isGreaterThan(2 * ROWS);
        GuardedLearner again = new GuardedLearner(new SlopeLearner(0), new SlopeLearner(0), Set.of("home"));
        again.restore(guarded.checkpoint());

        int left = new World(4).labelsToSwitch(guarded, "abroad", true, 1_000);

        assertThat(new World(4).labelsToSwitch(again, "abroad", true, 1_000))
                .isEqualTo(left)
                .isGreaterThan(ROWS);
        assertThat(again.checkpoint()).isEqualTo(guarded.checkpoint());
        GuardedLearner third = new GuardedLearner(new SlopeLearner(0), new SlopeLearner(0), Set.of("home"));
        third.restore(again.checkpoint());
        assertThat(third.adaptation()).isEqualTo(guarded.adaptation());
        assertThat(third.weightsSha256()).isEqualTo(guarded.weightsSha256());
    }

    @Test
    void restore_whereOneOfTheTwoIsRefused_changesNeither() {
        StateWriter out =
                new StateWriter("headwater guarded learner", 3).integer(0).integer64(1);
        new PairedEvidence().write(out);
        byte[] bad =
                out.bytes(new SlopeLearner(7).checkpoint()).bytes(new byte[3]).toBytes();
        byte[] before = guarded.checkpoint();

        assertThatThrownBy(() -> guarded.restore(bad)).isInstanceOf(IllegalArgumentException.class);

        assertThat(guarded.checkpoint()).isEqualTo(before);
    }

    @Test
    void alarmAndClose_reachBoth() {
        guarded.alarm();
        guarded.close();
        assertThat(adapted.alarms).isEqualTo(1);
        assertThat(plain.alarms).isEqualTo(1);
        assertThat(adapted.closed && plain.closed).isTrue();
    }
}
