package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.feature.FeatureBatch;
import io.headwater.gate.CalibrationError;
import io.headwater.learn.calibration.CalibratedModel;
import io.headwater.learn.calibration.LogitMap;
import io.headwater.learn.online.MixtureModel;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CalibratedModelTest extends LearnerContract {
    private static final int ROWS = 20;
    private static final float TRUE_SLOPE = 2;

    /** Its exported file has a map in it from the start. */
    @Override
    protected Learner open(long seed) {
        return new CalibratedModel(mixture(seed), new LogitMap(0.6, -0.4));
    }

    private static MixtureModel mixture(long seed) {
        return new MixtureModel(SyntheticStream.SCHEMA.rows(), seed);
    }

    /** Rows whose class follows the first number, labelled a batch later than they come. */
    private static final class World {
        private final Learner learner;
        private final Random random;
        private final FeatureBatch[] batches = new FeatureBatch[2];
        private final float[][] labels = new float[2][ROWS];
        private final Memos[] memos = new Memos[2];
        private final float[] out = new float[ROWS];
        private final float[] said;
        private final boolean[] came;
        private int rows;
        private String news = "";

        World(Learner learner, long seed, int kept) {
            this.learner = learner;
            this.random = new Random(seed);
            this.said = new float[kept];
            this.came = new boolean[kept];
            Arrays.setAll(batches, i -> new SyntheticStream(1, 0, 0).batch(ROWS, labels[i]));
            Arrays.setAll(memos, i -> new Memos(ROWS, learner.memoLength()));
        }

        void live(int count) {
            for (int batch = 0; batch < count; batch++) {
                int at = batch % 2;
                if (batch > 1) {
                    String note =
                            learner.learn(batches[at], labels[at], memos[at]).note();
                    news = note.isEmpty() ? news : note;
                }
                for (int row = 0; row < ROWS; row++) {
                    float x = (float) random.nextGaussian();
                    batches[at].numeric().put(row * batches[at].numericWidth(), x);
                    labels[at][row] = random.nextDouble() < 1 / (1 + Math.exp(-TRUE_SLOPE * x)) ? 1 : 0;
                }
                learner.arrive(batches[at], out, memos[at]);
                for (int row = 0; row < ROWS; row++, rows++) {
                    said[rows % said.length] = (float) (1 / (1 + Math.exp(-out[row])));
                    came[rows % came.length] = labels[at][row] == 1;
                }
            }
        }

        double error() {
            return CalibrationError.of(said, came, said.length);
        }
    }

    @Test
    void learner_thatIsTooSure_isMended_andSaysSo() {
        CalibratedModel model = new CalibratedModel(new SlopeLearner(3 * TRUE_SLOPE));
        World mended = new World(model, 1, 4_000);
        World asItWas = new World(new SlopeLearner(3 * TRUE_SLOPE), 1, 4_000);

        mended.live(500);
        asItWas.live(500);

        assertThat(model.map().scale()).isBetween(0.25, 0.45);
        assertThat(mended.error()).isLessThan(asItWas.error() / 3);
        assertThat(mended.news).startsWith("logits are mapped by 0.");
        assertThat(model.notes()).startsWith("Logits are mapped by 0.");
    }

    @Test
    void learner_thatIsRight_isLeftAsItIs() {
        SlopeLearner right = new SlopeLearner(TRUE_SLOPE);
        FeatureBatch probe = new SyntheticStream(9, 0, 0).batch(ROWS, new float[ROWS]);
        int touched = 0;
        for (int seed = 0; seed < 40; seed++) {
            CalibratedModel model = new CalibratedModel(right);
            World world = new World(model, seed, 1);
            world.live(50);
            boolean same = Arrays.equals(logits(model, probe), logits(right, probe));
            touched += same ? 0 : 1;
            assertThat(world.news.isEmpty()).isEqualTo(same);
        }
        assertThat(touched).isLessThanOrEqualTo(2);
        assertThat(new CalibratedModel(right).export()).isEqualTo(right.export());
    }

    /** A batch of which nobody remembers any row, as where labels come weeks late, teaches what the labels say all the same. */
    @Test
    void rowsThatNobodySawArrive_areAskedWhenTheirLabelComes() {
        CalibratedModel model = new CalibratedModel(new SlopeLearner(3 * TRUE_SLOPE));
        Random random = new Random(1);
        float[] labels = new float[ROWS];
        FeatureBatch batch = new SyntheticStream(1, 0, 0).batch(ROWS, labels);
        for (int i = 0; i < 300; i++) {
            for (int row = 0; row < ROWS; row++) {
                float x = (float) random.nextGaussian();
                batch.numeric().put(row * batch.numericWidth(), x);
                labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-TRUE_SLOPE * x)) ? 1 : 0;
            }
            model.learn(batch, labels);
        }
        assertThat(model.map().scale()).isBetween(0.2, 0.5);
    }

    @Test
    void said_isOfTheMapThatIsInUse() {
        CalibratedModel model = new CalibratedModel(new SlopeLearner(3 * TRUE_SLOPE));
        FeatureBatch probe = new SyntheticStream(9, 0, 0).batch(1, new float[1]);
        float[] out = new float[1];
        Memos memos = new Memos(1, model.memoLength());
        model.arrive(probe, out, memos);
        new World(model, 1, 1).live(500);

        float now = model.said(memos.of(0), out[0]);

        assertThat(now).isEqualTo(logits(model, probe)[0]).isNotEqualTo(out[0]);
    }

    @Test
    void hash_hasTheMapInIt() {
        try (CalibratedModel one = new CalibratedModel(mixture(1));
                CalibratedModel other = new CalibratedModel(mixture(1), new LogitMap(1, 0.5))) {
            assertThat(one.weightsSha256()).isNotEqualTo(other.weightsSha256());
        }
    }

    @Test
    void calibration_canBeTakenUpAndLeft() {
        try (MixtureModel alone = mixture(1);
                CalibratedModel calibrated = new CalibratedModel(mixture(2));
                MixtureModel again = mixture(3)) {
            new SyntheticStream(1, 0, 0).feed(alone, 5);

            calibrated.restore(alone.checkpoint());
            again.restore(calibrated.checkpoint());

            assertThat(again.weightsSha256()).isEqualTo(alone.weightsSha256());
        }
    }

    @Test
    void guard_withCalibratedLines_canBeLeft() {
        GuardedLearner guarded =
                new GuardedLearner(new CalibratedModel(mixture(1)), new CalibratedModel(mixture(2)), Set.of());
        new SyntheticStream(1, 0, 0).feed(guarded, 5);
        CalibratedModel alone = new CalibratedModel(mixture(3));
        MixtureModel plain = mixture(4);

        alone.restore(guarded.checkpoint());
        plain.restore(GuardedLearner.inUse(guarded.checkpoint()));

        FeatureBatch probe = new SyntheticStream(9, 0, 0).batch(ROWS, new float[ROWS]);
        assertThat(logits(alone, probe)).isEqualTo(logits(guarded, probe));
        assertThat(logits(plain, probe)).isEqualTo(logits(guarded, probe));
    }

    @Test
    void alarmAndClose_reachTheLearner() {
        SlopeLearner learner = new SlopeLearner(1);
        CalibratedModel model = new CalibratedModel(learner);
        model.alarm();
        model.close();
        assertThat(learner.alarms).isEqualTo(1);
        assertThat(learner.closed).isTrue();
    }
}
