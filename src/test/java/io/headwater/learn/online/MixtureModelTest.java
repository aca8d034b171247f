package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.feature.RowTensor.Element;
import io.headwater.learn.LearnerContract;
import io.headwater.learn.Memos;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixtureModelTest extends LearnerContract {
    private static final int ROWS = 50;

    @Override
    protected MixtureModel open(long seed) {
        return new MixtureModel(SyntheticStream.SCHEMA.rows(), seed);
    }

    /** A model that has learned a little, rows, their labels, and the memos that the rows left when they came. */
    private static final class Late {
        final MixtureModel model = new MixtureModel(SyntheticStream.SCHEMA.rows(), 1);
        final float[] labels = new float[ROWS];
        final FeatureBatch rows;
        final Memos memos = new Memos(ROWS, model.memoLength());

        Late() {
            new SyntheticStream(1, 0, 0).feed(model, 20);
            rows = new SyntheticStream(2, 0, 0).batch(ROWS, labels);
            model.arrive(rows, new float[ROWS], memos);
            new SyntheticStream(3, 1, 2).feed(model, 20);
        }
    }

    @Test
    void arrive_scoresEachRow_andGivesEachAMemo() {
        Late late = new Late();
        float[] arrived = new float[ROWS];

        late.model.arrive(late.rows, arrived, late.memos);

        assertThat(arrived).doesNotContain(0).doesNotContain(Float.NaN);
        for (int row = 0; row < ROWS; row++) {
            assertThat(late.memos.has(row)).isTrue();
        }
    }

    @Test
    void learn_listensToTheMemos() {
        Late withMemos = new Late();
        Late without = new Late();
        assertThat(withMemos.model.weightsSha256()).isEqualTo(without.model.weightsSha256());

        withMemos.model.learn(withMemos.rows, withMemos.labels, withMemos.memos);
        without.model.learn(without.rows, without.labels);

        assertThat(withMemos.model.weightsSha256()).isNotEqualTo(without.model.weightsSha256());
    }

    @Test
    void learn_asksMembersOnceForReportAndSteps_andGivesTheBitsOfALearnerThatIsAskedApart() {
        MixtureModel model = open(1);
        RowLayout layout = SyntheticStream.SCHEMA.rows();
        RowTensor categories = layout.tensors().get(layout.indexOf(ModelSignature.CATEGORICAL));
        OnlineRow row = new OnlineRow(layout.numericWidth(), categories.width());
        MixtureLearner learner = new MixtureLearner(
                Task.BINARY,
                layout.numericWidth(),
                categories.width(),
                (int) categories.below(),
                new MixtureSettings(true, true, true, false, 1));
        SyntheticStream stream = new SyntheticStream(5, 0.5, 1);
        float[] labels = new float[ROWS];
        Memos memos = new Memos(ROWS, model.memoLength());
        for (int batch = 0; batch < 20; batch++) {
            FeatureBatch rows = stream.batch(ROWS, labels);
            Memos others = new Memos(ROWS, model.memoLength());
            model.arrive(rows, new float[ROWS], memos);
            for (int i = 0; i < ROWS; i++) {
                row.read(rows, i);
                learner.arrive(row, new float[1], others.write(i));
            }

            model.learn(rows, labels, memos);
            for (int i = 0; i < ROWS; i++) {
                row.read(rows, i);
                learner.learn(row, others.of(i), labels[i], 1);
            }
        }

        assertThat(model.weightsSha256()).isEqualTo(learner.stateSha256());
    }

    @Test
    void learn_afterARestore_withMemosThatWaited_isTheSame() {
        Late late = new Late();
        MixtureModel restored = open(1);
        restored.restore(late.model.checkpoint());

        late.model.learn(late.rows, late.labels, late.memos);
        restored.learn(late.rows, late.labels, late.memos);

        assertThat(restored.checkpoint()).isEqualTo(late.model.checkpoint());
    }

    @Test
    void learn_ofRowsThatNobodySawArrive_isTheSameAsIfTheyArriveOneByOne() {
        Late together = new Late();
        Late oneByOne = new Late();

        together.model.learn(together.rows, together.labels);
        for (int row = 0; row < ROWS; row++) {
            FeatureBatch one = new FeatureBatch(SyntheticStream.SCHEMA.rows(), 1);
            one.copyRow(oneByOne.rows, row);
            Memos memo = new Memos(1, oneByOne.model.memoLength());
            oneByOne.model.arrive(one, new float[1], memo);
            oneByOne.model.learn(one, new float[] {oneByOne.labels[row]}, memo);
        }

        assertThat(together.model.checkpoint()).isEqualTo(oneByOne.model.checkpoint());
    }

    @Test
    void label_thatIsNoClass_isRefusedAndChangesNothing() {
        Late late = new Late();
        byte[] before = late.model.checkpoint();
        late.labels[ROWS - 1] = 2;

        assertThatThrownBy(() -> late.model.learn(late.rows, late.labels, late.memos))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the label of row 49 is 2.0, not 0 or 1");
        assertThat(late.model.checkpoint()).isEqualTo(before);
    }

    @Test
    void rowsOfATokenizer_areRefused() {
        RowLayout text =
                new RowLayout(List.of(new RowTensor("input_ids", Element.INT64, List.of(8), List.of(), 100)), "");

        assertThatThrownBy(() -> new MixtureModel(text, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("not 'input_ids'");
    }
}
