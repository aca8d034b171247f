package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.learn.schedule.EarlyStopping;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.learn.schedule.TrainingCourse;
import io.headwater.learn.schedule.Unfreezing;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RecipeTest {
    private static Recipe recipe(double rate, double decay, double clip, int rows, int epochs, double share) {
        return new Recipe(
                rate,
                decay,
                clip,
                rows,
                epochs,
                new EarlyStopping(1, 0),
                share,
                RateSchedule.InEpochs.CONSTANT,
                LayerRates.EQUAL,
                new Unfreezing.AtOnce(),
                Objective.CROSS_ENTROPY,
                Augmentation.NONE);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refusal("learning rate is 0.0; above 0.0 to 1.0 is allowed", () -> recipe(0, 0, 1, 1, 1, 0.2)),
                refusal("learning rate is NaN; above 0.0 to 1.0 is allowed", () -> recipe(Double.NaN, 0, 1, 1, 1, 0.2)),
                refusal("weight decay is -1.0; 0.0 to 10.0 is allowed", () -> recipe(1, -1, 1, 1, 1, 0.2)),
                refusal("clip norm is 0.0; 1.0E-6 to 1000000.0 is allowed", () -> recipe(1, 0, 0, 1, 1, 0.2)),
                refusal("batch rows is 0; 1 to 100000 is allowed", () -> recipe(1, 0, 1, 0, 1, 0.2)),
                refusal("epochs is 0; 1 to 1000000 is allowed", () -> recipe(1, 0, 1, 1, 0, 0.2)),
                refusal("validation share is 1.0; 0.01 to 0.9 is allowed", () -> recipe(1, 0, 1, 1, 1, 1)));
    }

    private static Arguments refusal(String sentence, Runnable recipe) {
        return Arguments.of(sentence, recipe);
    }

    /** The parts' own settings are refused by the parts; see their tests. */
    @ParameterizedTest
    @MethodSource("refused")
    void field_outOfRange_isRefusedInASentence(String sentence, Runnable recipe) {
        assertThatThrownBy(recipe::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void rates_areInSteps_aLastSmallerBatchIsOne() {
        RateSchedule rates = Recipe.FINE_TUNING.rates(321); // 11 batches of 32
        assertThat(rates.warmUpSteps()).as("half an epoch").isEqualTo(6);
        assertThat(rates.factor(5)).isEqualTo(1);
        assertThat(rates.factor(221)).as("after twenty epochs").isCloseTo(0, within(1e-4));
        assertThat(Recipe.FINE_TUNING.rate(rates, 0)).isCloseTo(1e-3f / 6, within(1e-9f));
    }

    @Test
    void withEpochs_stretchesTheSchedule() {
        Recipe longer = Recipe.FINE_TUNING.withEpochs(40);
        assertThat(longer.maxEpochs()).isEqualTo(40);
        RateSchedule rates = longer.rates(320);
        assertThat(rates.warmUpSteps()).isEqualTo(10);
        assertThat(rates.factor(399)).isGreaterThan(0);
        assertThat(rates.factor(400)).isCloseTo(0, within(1e-12));
    }

    @Test
    void changes_areOfOneFieldEach() {
        Recipe recipe = Recipe.FINE_TUNING;
        Unfreezing gradual = new Unfreezing.WhenStalled(2);
        Objective focal = new Objective(2, 0.1, List.of(1.0, 2.0));
        Augmentation mixup = new Augmentation(0.2, 0, 0, 0, 0);
        Recipe changed = recipe.withLearningRate(0.5)
                .withUnfreezing(gradual)
                .withObjective(focal)
                .withAugmentation(mixup);

        assertThat(changed)
                .isEqualTo(new Recipe(
                        0.5,
                        recipe.weightDecay(),
                        recipe.clipNorm(),
                        recipe.batchRows(),
                        recipe.maxEpochs(),
                        recipe.stopping(),
                        recipe.validationShare(),
                        recipe.schedule(),
                        recipe.layerRates(),
                        gradual,
                        focal,
                        mixup));
        assertThat(changed.course(4)).isEqualTo(new TrainingCourse(gradual, recipe.stopping(), 4));
        assertThat(changed.optimizer().weightDecay()).isEqualTo(0.01f);
    }
}
