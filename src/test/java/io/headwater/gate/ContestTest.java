package io.headwater.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.gate.Contest.Standing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContestTest {
    private record Example(float champion, float challenger, float frozen, boolean label) {
        double loss(float logit) {
            double probability = 1 / (1 + Math.exp(-(double) logit));
            return -Math.log(label ? probability : 1 - probability);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,50,20", "2,50,50", "3,50,51", "4,50,1234", "5,1,7", "6,7,7"})
    void standing_equalsPlainComputationsOverTheLastExamples(long seed, int window, int count) {
        // Given
        List<Example> all = examples(seed, count);
        Contest contest = contest(window, all);
        List<Example> last = all.subList(Math.max(0, count - window), count);

        // When
        Standing standing = contest.standing();

        // Then
        assertThat(contest.examples()).isEqualTo(last.size());
        assertFigures(standing.champion(), last, Example::champion);
        assertFigures(standing.challenger(), last, Example::challenger);
        assertFigures(standing.frozen(), last, Example::frozen);
        assertDifference(standing.toChampion(), last, Example::champion);
        assertDifference(standing.toFrozen(), last, Example::frozen);
    }

    private static void assertFigures(Prequential figures, List<Example> over, ToDoubleFunction<Example> logit) {
        assertThat(figures.examples()).isEqualTo(over.size());
        double meanLoss = over.stream()
                .mapToDouble(example -> example.loss((float) logit.applyAsDouble(example)))
                .average()
                .orElseThrow();
        assertThat(figures.logLossNats()).isCloseTo(meanLoss, within(1e-9));
        float[] scores = new float[over.size()];
        boolean[] labels = new boolean[over.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) logit.applyAsDouble(over.get(i));
            labels[i] = over.get(i).label();
        }
        assertThat(figures.rocAuc())
                .isEqualTo((Double) Ranking.of(scores, labels).rocAuc());
        float[] probabilities = new float[scores.length];
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-scores[i])));
        }
        assertThat(figures.calibrationError())
                .isEqualTo((Double) CalibrationError.of(probabilities, labels, scores.length));
    }

    private static void assertDifference(
            Contest.Difference difference, List<Example> over, ToDoubleFunction<Example> other) {
        double[] differences = over.stream()
                .mapToDouble(example ->
                        example.loss(example.challenger()) - example.loss((float) other.applyAsDouble(example)))
                .toArray();
        double mean = Arrays.stream(differences).average().orElseThrow();
        double squares =
                Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
        int n = differences.length;
        assertThat(difference.meanNats()).isCloseTo(mean, within(1e-9));
        if (n < 2) {
            assertThat(difference.standardErrorNats()).isInfinite();
        } else {
            assertThat(difference.standardErrorNats()).isCloseTo(Math.sqrt(squares / (n - 1) / n), within(1e-9));
        }
    }

    @Test
    void standing_ofNothing_isNaNOverNoExamples() {
        Standing standing = new Contest(10).standing();

        assertThat(standing.challenger().examples()).isZero();
        assertThat(standing.challenger().logLossNats()).isNaN();
        assertThat(standing.challenger().rocAuc()).isNaN();
        assertThat(standing.challenger().calibrationError()).isNaN();
        assertThat(standing.toChampion().standardErrorNats()).isInfinite();
    }

    @Test
    void clear_forgetsEverything() {
        Contest contest = contest(8, examples(1, 13));

        contest.clear();

        assertThat(contest.examples()).isZero();
        List<Example> later = examples(2, 3);
        record(contest, later);
        assertThat(contest.standing()).isEqualTo(contest(8, later).standing());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void logitThatIsNotFinite_isAnInfiniteLossWhateverTheLabel(float logit) {
        Contest contest = contest(10, examples(3, 5));
        contest.record(0, logit, 0, true);
        contest.record(0, logit, 0, false);

        assertThat(Contest.logLoss(logit, true)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Contest.logLoss(logit, false)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(contest.standing().challenger().logLossNats()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(contest.standing().champion().logLossNats()).isFinite();
    }

    @Test
    void logitThatIsNotFinite_isForgottenWithTheWindow() {
        Contest contest = new Contest(4);
        contest.record(0, Float.NaN, 0, true);
        record(contest, examples(4, 4));

        assertThat(contest.standing().challenger().logLossNats()).isFinite();
    }

    @Test
    void logLoss_ofHugeLogits_doesNotOverflow() {
        assertThat(Contest.logLoss(0, true)).isEqualTo(Math.log(2));
        assertThat(Contest.logLoss(Float.MAX_VALUE, false)).isEqualTo(Float.MAX_VALUE);
        assertThat(Contest.logLoss(Float.MAX_VALUE, true)).isZero();
        assertThat(Contest.logLoss(-Float.MAX_VALUE, false)).isZero();
        assertThat(Contest.logLoss(-100, false)).isCloseTo(Math.exp(-100), within(1e-50));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 16, 17, 40})
    void writeAndRead_continuesBitForBit(int count) throws IOException {
        // Given a contest whose ring began anywhere
        Contest contest = contest(16, examples(5, count));

        // When it is written, read, and both see the same later examples
        Contest read = read(write(contest), 16);

        // Then every figure has the same bits
        assertThat(read.standing()).isEqualTo(contest.standing());
        record(contest, examples(6, 9));
        record(read, examples(6, 9));
        assertThat(read.standing()).isEqualTo(contest.standing());
        assertThat(write(read)).isEqualTo(write(contest));
    }

    @Test
    void read_intoASmallerWindow_keepsTheNewest() throws IOException {
        List<Example> all = examples(7, 20);

        Contest read = read(write(contest(16, all)), 5);

        assertThat(read.standing()).isEqualTo(contest(5, all.subList(15, 20)).standing());
    }

    @Test
    void read_ofACutFile_failsAtEveryCut() throws IOException {
        byte[] whole = write(contest(4, examples(8, 4)));

        for (int cut = 0; cut < whole.length; cut++) {
            byte[] head = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> read(head, 4)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void read_ofANegativeCount_fails() {
        assertThatThrownBy(() -> read(new byte[] {-1, -1, -1, -1}, 4))
                .isInstanceOf(IOException.class)
                .hasMessage("a contest of -1 examples");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5})
    void contest_withoutAWindow_isRefused(int window) {
        assertThatThrownBy(() -> new Contest(window)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Example> examples(long seed, int count) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(new Example(
                    (float) random.nextGaussian(),
                    Math.round(random.nextGaussian() * 2) / 2f,
                    (float) (3 * random.nextGaussian()),
                    random.nextInt(3) == 0));
        }
        return examples;
    }

    private static Contest contest(int window, List<Example> examples) {
        Contest contest = new Contest(window);
        record(contest, examples);
        return contest;
    }

    private static void record(Contest contest, List<Example> examples) {
        for (Example example : examples) {
            contest.record(example.champion(), example.challenger(), example.frozen(), example.label());
        }
    }

    private static byte[] write(Contest contest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        contest.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static Contest read(byte[] bytes, int window) throws IOException {
        return Contest.read(new DataInputStream(new ByteArrayInputStream(bytes)), window);
    }
}
