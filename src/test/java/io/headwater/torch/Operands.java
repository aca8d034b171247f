package io.headwater.torch;

import io.headwater.torch.OpCase.Kind;
import io.headwater.torch.OpCase.Operand;
import java.util.Random;

/** Random operands. */
final class Operands {
    private final Random random;

    Operands(long seed) {
        this.random = new Random(seed);
    }

    /** 1 to 5. */
    int size() {
        return 1 + random.nextInt(5);
    }

    /** From {@code low} to {@code high}, both included. */
    int size(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** Normal values, kept away from where the derivative of an operator here jumps. */
    Operand floats(long... shape) {
        return floats(Double.NEGATIVE_INFINITY, shape);
    }

    /** Values above 0.1. */
    Operand positive(long... shape) {
        return floats(0.1, shape);
    }

    private Operand floats(double above, long... shape) {
        float[] values = new float[Integers.count(shape)];
        for (int i = 0; i < values.length; i++) {
            do {
                values[i] = (float) random.nextGaussian();
            } while (values[i] < above || near(values[i], 0) || near(values[i], 0.4f) || near(values[i], -0.7f));
        }
        return new Operand(Kind.VARIES, shape, values, new long[0]);
    }

    private static boolean near(float value, float kink) {
        return Math.abs(value - kink) < 0.05f;
    }

    /** From {@code low}, included, to {@code high}, excluded. */
    Operand indices(int low, int high, long... shape) {
        long[] values = random.longs(Integers.count(shape), low, high).toArray();
        return new Operand(Kind.INDEX, shape, new float[0], values);
    }

    Operand truths(long... shape) {
        return indices(0, 2, shape).as(Kind.TRUTH);
    }
}
