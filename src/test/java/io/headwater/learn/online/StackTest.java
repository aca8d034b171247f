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
}
