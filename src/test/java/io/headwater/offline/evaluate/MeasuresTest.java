package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.Task;
import io.headwater.offline.evaluate.ClassFigures.Window;
import io.headwater.offline.evaluate.Figures.Panel;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static final Offset<Double> CLOSE = within(1e-6);
    private static final float NONE = Float.NaN;

    private static ClassFigures classes(Measures measures) {
        return (ClassFigures) measures.figures();
    }

    /** Three of six right. Predicted 1: three, true 1: four, so chance gives 3/6 4/6 + 3/6 2/6 = 1/2. */
    @Test
    void twoClasses_asByHand() {
        Measures measures = Measures.of(Task.BINARY, 6, 2, 4);
        float[] logits = {1, -1, 2, -2, -0.5f, 3};
        float[] labels = {1, 0, 0, 1, 1, 1};
        for (int row = 0; row < 6; row++) {
            measures.scored(row, new float[] {logits[row]}, 1, labels[row]);
            measures.learned(row, labels[row]);
        }

        ClassFigures figures = classes(measures);
        assertThat(figures.rows()).isEqualTo(6);
        assertThat(figures.accuracy()).isCloseTo(3 / 6.0, CLOSE);
        assertThat(figures.kappa()).isCloseTo(0, CLOSE);
        // The labels before: -, 1, 0, 0, 1, 1, of which the first is taken for 0: right are the third, fifth and sixth.
        assertThat(figures.baselines().noChange()).isCloseTo(3 / 6.0, CLOSE);
        assertThat(figures.kappaTemporal()).isCloseTo(0, CLOSE);
        // Counts of 0 and 1 before: 0 0, 0 1, 1 1, 2 1, 2 2, 2 3; a draw stays with the class that led.
        assertThat(figures.baselines().majority()).isCloseTo(1 / 6.0, CLOSE);
        // Pairs of a 1 and a 0 in order: 1 > -1, 3 > both, -0.5 > -1.
        assertThat(figures.rocAuc()).isCloseTo(4 / 8.0, CLOSE);
        // From the top: 1, 0, 1, 1, 0, 1.
        assertThat(figures.averagePrecision()).isCloseTo((1 + 2 / 3.0 + 3 / 4.0 + 4 / 6.0) / 4, CLOSE);
        double loss = l(-1) + l(-1) + l(2) + l(2) + l(0.5) + l(-3);
        assertThat(figures.logLoss()).isCloseTo(loss / 6, CLOSE);
        // Six rows in fifteen bins: each is one of its own.
        double gaps = p(-1) + (1 - p(1)) + p(2) + (1 - p(-2)) + (1 - p(-0.5)) + (1 - p(3));
        assertThat(figures.ece()).isCloseTo(gaps / 6, CLOSE);
    }

    private static double l(double wrongBy) {
        return Math.log1p(Math.exp(wrongBy));
    }

    private static double p(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    @Test
    void windows_haveTheirOwnFigures_andTheLastIsShorter() {
        Measures measures = Measures.of(Task.BINARY, 6, 2, 4);
        float[] logits = {1, -1, 2, -2, -0.5f, 3};
        float[] labels = {1, NONE, 0, 1, 1, 1};
        for (int row = 0; row < 6; row++) {
            measures.scored(row, new float[] {logits[row]}, 1, labels[row]);
        }

        ClassFigures figures = classes(measures);
        assertThat(figures.rows()).as("a row without a label does not count").isEqualTo(5);
        assertThat(figures.windows()).extracting(Window::end).containsExactly(5, 6);
        assertThat(figures.windows()).extracting(Window::rows).containsExactly(4, 1);
        assertThat(figures.windows()).extracting(Window::accuracy).containsExactly(0.25, 1.0);
        assertThat(figures.windows().get(0).rocAuc()).isCloseTo(0, CLOSE);
        assertThat(figures.windows().get(1).rocAuc()).isNaN();
        assertThat(figures.windows().get(1).logLoss()).isCloseTo(l(-3), CLOSE);
    }

    /** The third class is not known to the learner when its first row comes. */
    @Test
    void classesThatComeLate_countAsWrong_andAreRankedFromThenOn() {
        Measures measures = Measures.of(Task.CLASSES, 4, 3, 10);
        measures.scored(0, new float[] {1, 0}, 2, 0);
        measures.scored(1, new float[] {0, 0}, 2, 2);
        measures.scored(2, new float[] {0, 0, 2}, 3, 2);
        measures.scored(3, new float[] {0, 3, 0}, 3, 1);

        ClassFigures figures = classes(measures);
        assertThat(figures.accuracy()).isEqualTo(0.75);
        double loss = Math.log(1 + Math.exp(-1))
                - Math.log(1e-15)
                + Math.log(1 + 2 * Math.exp(-2))
                + Math.log(1 + 2 * Math.exp(-3));
        assertThat(figures.logLoss()).isCloseTo(loss / 4, CLOSE);
        // Class 0: its row is first of 4. Class 1: likewise. Class 2: 2 of 2, and a tie of 2.
        double area = (1 + 1 + (2 + 0.5) / 4) / 3;
        assertThat(figures.rocAuc()).isCloseTo(area, CLOSE);
        // Chance: predicted 2, 1, 1 and true 1, 1, 2 of 4.
        assertThat(figures.kappa()).isCloseTo((0.75 - 5 / 16.0) / (1 - 5 / 16.0), CLOSE);
    }

    @Test
    void baselines_knowTheLabelsThatHaveCome_andNoOthers() {
        Measures measures = Measures.of(Task.CLASSES, 5, 3, 10);
        float[] none = {0, 0, 0};
        measures.scored(0, none, 3, 0); // right for both: the first class
        measures.scored(1, none, 3, 1);
        measures.learned(1, 1);
        measures.scored(2, none, 3, 1); // right for both
        measures.learned(2, 1);
        measures.learned(0, 0);
        measures.scored(3, none, 3, 0); // right for no change
        measures.scored(4, none, 3, 1); // right for the majority

        assertThat(classes(measures).baselines()).isEqualTo(new ClassFigures.Baselines(0.6, 0.6));
    }

    @Test
    void numbers_asByHand() {
        Measures measures = Measures.of(Task.SQUARED, 4, 0, 2);
        float[] outputs = {1, 2, 3, 9};
        float[] labels = {2, 4, 3, 7};
        for (int row = 0; row < 4; row++) {
            measures.scored(row, new float[] {outputs[row]}, 1, labels[row]);
            measures.learned(row, labels[row]);
        }
        measures.scored(4, new float[] {100}, 1, NONE);

        NumberFigures figures = (NumberFigures) measures.figures();
        assertThat(figures.rows()).isEqualTo(4);
        assertThat(figures.mae()).isCloseTo(5 / 4.0, CLOSE);
        assertThat(figures.rmse()).isCloseTo(Math.sqrt(9 / 4.0), CLOSE);
        // Around their mean of 4 the labels have squares of 4, 0, 1 and 9.
        assertThat(figures.r2()).isCloseTo(1 - 9 / 14.0, CLOSE);
        assertThat(figures.noChange().mae()).isCloseTo((2 + 2 + 1 + 4) / 4.0, CLOSE);
        assertThat(figures.mean().mae()).isCloseTo((2 + 2 + 0 + 4) / 4.0, CLOSE);
        assertThat(figures.mean().r2()).isCloseTo(1 - 24 / 14.0, CLOSE);
        assertThat(figures.windows()).extracting(NumberFigures.Window::mae).containsExactly(1.5, 1.0);
        assertThat(figures.ends()).containsExactly(2, 4);
    }

    @Test
    void panels_ofARareClass_beginWithTheRanking() {
        Measures even = Measures.of(Task.BINARY, 100, 2, 50);
        Measures rare = Measures.of(Task.BINARY, 100, 2, 50);
        for (int row = 0; row < 100; row++) {
            even.scored(row, new float[] {row}, 1, row % 2);
            rare.scored(row, new float[] {row}, 1, row % 25 == 0 ? 1 : 0);
        }

        assertThat(even.figures().panels())
                .extracting(Panel::unit)
                .containsExactly("accuracy", "ROC AUC", "log loss, nats");
        assertThat(rare.figures().panels()).extracting(Panel::unit).startsWith("ROC AUC");
    }

    @Test
    void scoresThatAreNoNumbers_costTheMost_andLeaveFiguresNumbers() {
        Measures measures = Measures.of(Task.BINARY, 3, 2, 10);
        measures.scored(0, new float[] {NONE}, 1, 1);
        measures.scored(1, new float[] {Float.POSITIVE_INFINITY}, 1, 0);
        measures.scored(2, new float[] {Float.NEGATIVE_INFINITY}, 1, 0);

        assertThat(classes(measures).logLoss()).isCloseTo(-2 * Math.log(1e-15) / 3, CLOSE);
        assertThat(classes(measures).accuracy()).isCloseTo(1 / 3.0, CLOSE);
    }

    @Test
    void emptyWindow_isRefused() {
        assertThatThrownBy(() -> Measures.of(Task.BINARY, 3, 2, 0)).hasMessage("a window has at least 1 row, not 0");
    }
}
