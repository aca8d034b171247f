package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Gradients;
import io.headwater.learn.Gradients.Argument;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.DomainTerm.TermWeight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The two terms with a domain classifier behind a reversed gradient. */
final class AdversarialTest {
    private static final int WIDTH = 3;
    private static final double STRENGTH = 0.7;

    static Stream<Arguments> terms() {
        return Stream.of(
                Arguments.of(new Dann(4), 2),
                Arguments.of(new Cdan(4), 2),
                Arguments.of(new Dann(4), 3),
                Arguments.of(new Cdan(4), 3));
    }

    /** Source and target activations, their logits, and then the term's own weights. */
    private static List<Argument> arguments(DomainTerm term, int classes) {
        Random random = new Random(5);
        List<Argument> arguments = new ArrayList<>();
        arguments.add(Argument.random(random, 1, 5, WIDTH));
        arguments.add(Argument.random(random, 1, 4, WIDTH));
        arguments.add(classes == 2 ? Argument.random(random, 2, 5) : Argument.random(random, 2, 5, classes));
        arguments.add(classes == 2 ? Argument.random(random, 2, 4) : Argument.random(random, 2, 4, classes));
        term.weights(WIDTH, classes, new SeededRandom(1))
                .values()
                .forEach(weight -> arguments.add(Argument.random(random, 1, weight.shape())));
        return arguments;
    }

    private static Function<List<NDArray>, NDArray> loss(DomainTerm term, int classes, double strength) {
        List<String> names =
                List.copyOf(term.weights(WIDTH, classes, new SeededRandom(1)).keySet());
        return arrays -> {
            Map<String, NDArray> weights = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                weights.put(names.get(i), arrays.get(4 + i));
            }
            return term.loss(
                    new DomainRows(arrays.get(0), arrays.get(1), arrays.get(2), arrays.get(3)), weights, strength);
        };
    }

    @ParameterizedTest
    @MethodSource("terms")
    void gradient_isThatOfTheClassifiersLoss_forItsWeights_andReversedForTheFeatures(DomainTerm term, int classes) {
        List<Argument> arguments = arguments(term, classes);
        List<double[]> exact = Gradients.exact(loss(term, classes, STRENGTH), arguments);
        List<double[]> numeric = Gradients.numeric(loss(term, classes, STRENGTH), arguments);
        for (int i = 0; i < arguments.size(); i++) {
            boolean features = i < 2;
            boolean logits = i == 2 || i == 3;
            double[] expected = numeric.get(i).clone();
            for (int k = 0; k < expected.length; k++) {
                expected[k] *= features ? -STRENGTH : logits ? 0 : 1;
            }
            assertThat(exact.get(i)).as("argument %s", i).containsExactly(expected, within(1e-6));
        }
        assertThat(DoubleStream.of(numeric.get(0))).as("the features matter").anyMatch(value -> Math.abs(value) > 1e-3);
    }

    @Test
    void loss_ofAClassifierThatKnowsNothing_isLn2() {
        List<Argument> arguments = new ArrayList<>(arguments(new Dann(4), 2).subList(0, 4));
        for (TermWeight weight :
                new Dann(4).weights(WIDTH, 2, new SeededRandom(1)).values()) {
            arguments.add(new Argument(new double[weight.values().length], weight.shape()));
        }
        assertThat(Gradients.value(loss(new Dann(4), 2, 1), arguments)).isCloseTo(Math.log(2), within(1e-9));
    }

    @Test
    void conditionalClassifier_seesTheClass_whereTheFeaturesAreAlike() {
        // The same activations in both domains, but other classes: only the conditional one can tell them apart.
        Argument rows = new Argument(new double[] {1, 1, 1, 1, 1, 1}, 2, WIDTH);
        Argument up = new Argument(new double[] {9, 9}, 2);
        Argument down = new Argument(new double[] {-9, -9}, 2);
        for (DomainTerm term : List.of(new Dann(4), new Cdan(4))) {
            List<Argument> same = new ArrayList<>(List.of(rows, rows, up, up));
            List<Argument> other = new ArrayList<>(List.of(rows, rows, up, down));
            List<Argument> weights = arguments(term, 2);
            same.addAll(weights.subList(4, weights.size()));
            other.addAll(weights.subList(4, weights.size()));
            double difference =
                    Math.abs(Gradients.value(loss(term, 2, 1), same) - Gradients.value(loss(term, 2, 1), other));
            assertThat(difference > 1e-3).as("%s", term).isEqualTo(term instanceof Cdan);
        }
    }

    @Test
    void schedule_growsFrom0To1() {
        assertThat(new Dann().schedule(0)).isZero();
        assertThat(new Dann().schedule(0.1)).isCloseTo(0.4621, within(1e-4));
        assertThat(new Cdan().schedule(1)).isCloseTo(1, within(1e-4));
        assertThat(new Coral().schedule(0)).isEqualTo(1);
    }
}
