package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import org.junit.jupiter.api.Test;

class StackTest {
    /** As rounding left it before steps went through each pair once. */
    @Test
    void restore_ofACovarianceWithTwoSides_makesThemOne() {
        double[] sides = {2, .5, .3, .7, 2, .1, .1, .3, 2};
        StateWriter old = new StateWriter("stack", 1);
        old.reals(new float[] {.5f, .5f}).reals64(sides).reals(new float[1]).reals(new float[1]);
        Stack stack = new Stack(Task.BINARY, 2, 1);

        stack.restore(new StateReader(old.toBytes(), "stack", 1), 1);

        StateWriter now = new StateWriter("stack", 1);
        stack.write(new StateSink.Bytes(now));
        StateReader read = new StateReader(now.toBytes(), "stack", 1);
        read.reals(2);
        assertThat(read.reals64(9)).containsExactly(2, .6, .2, .6, 2, .2, .2, .2, 2);
    }

    private static final int MEMBERS = 3;
    private static final int ROWS = 1_000_000;

    /** Most streams are so most of the time: nothing changes, and the members say nearly the same. */
    @Test
    void learn_onAStreamThatNeverChanges_staysWhatItIs() {
        SeededRandom random = new SeededRandom(1);
        Stack stack = new Stack(Task.BINARY, MEMBERS, 1);
        float[] logits = new float[MEMBERS];
        float[] output = new float[1];
        double early = 0;
        double late = 0;
        for (int row = 0; row < ROWS; row++) {
            double truth = 2 * random.nextGaussian();
            for (int member = 0; member < MEMBERS; member++) {
                logits[member] = (float) (truth + 0.1 * random.nextGaussian());
            }
            float label = random.nextDouble() < 1 / (1 + Math.exp(-truth)) ? 1 : 0;
            stack.outputs(logits, output);
            double loss = Math.log1p(Math.exp(label == 1 ? -output[0] : output[0]));
            early += row < ROWS / 10 ? loss : 0;
            late += row >= ROWS - ROWS / 10 ? loss : 0;
            stack.learn(logits, label, 1);
        }

        for (float weight : stack.weights()) {
            assertThat(weight).isBetween(-2f, 2f);
        }
        assertThat(late).isLessThan(1.01 * early);
    }

    private static final int CLASSES = 3;
    private static final int ASKED = 9;

    /** Takes rows in of which only members {@code from} to {@code until} know something; the mean loss of the last 2,000. */
    private static double lossOfClasses(Stack stack, SeededRandom random, int rows, int from, int until) {
        float[] logits = new float[ASKED * CLASSES];
        float[] output = new float[CLASSES];
        double[] truth = new double[CLASSES];
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            int label = random.nextInt(CLASSES);
            for (int k = 0; k < CLASSES; k++) {
                truth[k] = (k == label ? 2 : 0) + random.nextGaussian();
            }
            for (int member = 0, i = 0; member < ASKED; member++) {
                for (int k = 0; k < CLASSES; k++, i++) {
                    boolean knows = member >= from && member < until;
                    logits[i] = (float) (knows ? truth[k] + 0.1 * random.nextGaussian() : random.nextGaussian());
                }
            }
            stack.outputs(logits, output);
            double sum = 0;
            for (float score : output) {
                sum += Math.exp(score - output[label]);
            }
            loss += row >= rows - 2_000 ? Math.log(sum) / 2_000 : 0;
            stack.learn(logits, label, 1);
        }
        return loss;
    }

    private static double[] covariance(Stack stack) {
        StateWriter now = new StateWriter("stack", 1);
        stack.write(new StateSink.Bytes(now));
        StateReader read = new StateReader(now.toBytes(), "stack", 1);
        read.reals(ASKED);
        return read.reals64((ASKED + 1) * (ASKED + 1));
    }

    private static double trace(double[] covariance, int terms) {
        double trace = 0;
        for (int i = 0; i < terms; i++) {
            trace += covariance[i * (ASKED + 1) + i];
        }
        return trace;
    }

    @Test
    void learn_classesForLong_stillFindsOutWhoIsRight() {
        SeededRandom random = new SeededRandom(2);
        Stack stack = new Stack(Task.CLASSES, ASKED, CLASSES);
        double before = lossOfClasses(stack, random, 300_000, 0, 4);

        assertThat(trace(covariance(stack), ASKED))
                .as("variance of the weights")
                .isBetween(0.1, 0.5);
        double after = lossOfClasses(stack, random, 20_000, 4, 9);
        assertThat(after).isLessThan(before + 0.1);
    }

    /** Of an earlier release, whose variance was all in an intercept that several outputs do not have here. */
    @Test
    void restore_ofClassesThatStoppedLearning_learnsAgain() {
        int terms = ASKED + 1;
        double[] stuck = new double[terms * terms];
        for (int i = 0; i < ASKED; i++) {
            stuck[i * terms + i] = 1e-4;
        }
        stuck[terms * terms - 1] = 0.3;
        StateWriter old = new StateWriter("stack", 1);
        old.reals(new float[ASKED]).reals64(stuck).reals(new float[CLASSES]).reals(new float[CLASSES]);
        Stack stack = new Stack(Task.CLASSES, ASKED, CLASSES);

        stack.restore(new StateReader(old.toBytes(), "stack", 1), CLASSES);

        stack.alarm();
        double[] covariance = covariance(stack);
        assertThat(covariance[terms * terms - 1]).isZero();
        assertThat(trace(covariance, ASKED)).isEqualTo(trace(covariance, terms)).isGreaterThan(0.5);
        double loss = lossOfClasses(stack, new SeededRandom(3), 20_000, 0, 4);
        assertThat(loss).isLessThan(0.6);
    }
}
