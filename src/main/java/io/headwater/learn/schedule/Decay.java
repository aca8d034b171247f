package io.headwater.learn.schedule;

import io.headwater.learn.Allowed;

/** How a rate falls with time. The unit of time is the owner's: steps, or epochs. */
public sealed interface Decay {
    /** The longest time that settings may name. */
    double LONGEST = 1e12;

    /** The share of the full rate, in {@code [0, 1]}, {@code time} after it was reached. */
    double factor(double time);

    /** The same with a unit of which {@code units} make one of this. */
    Decay inUnits(double units);

    /** The full rate for ever. */
    record Constant() implements Decay {
        @Override
        public double factor(double time) {
            return 1;
        }

        @Override
        public Decay inUnits(double units) {
            return this;
        }
    }

    /**
     * Half a period of the cosine, from the full rate to {@code floor}, where it stays: Loshchilov & Hutter, SGDR (ICLR
     * 2017), without restarts.
     *
     * @param length how long it falls
     * @param floor share of the full rate
     */
    record Cosine(double length, double floor) implements Decay {
        public Cosine {
            Allowed.above("length of the cosine decay", length, 0, LONGEST);
            Allowed.within("floor of the cosine decay", floor, 0, 1);
        }

        @Override
        public double factor(double time) {
            double done = Math.min(1, time / length);
            return floor + (1 - floor) * (1 + StrictMath.cos(Math.PI * done)) / 2;
        }

        @Override
        public Decay inUnits(double units) {
            return new Cosine(length * units, floor);
        }
    }

    /**
     * Multiplied by {@code factor} at once, again and again.
     *
     * @param length of each step of the stairs
     * @param factor from one step to the next
     */
    record Stairs(double length, double factor) implements Decay {
        public Stairs {
            Allowed.above("length of a step of the decay", length, 0, LONGEST);
            Allowed.above("factor of the step decay", factor, 0, 1);
        }

        @Override
        public double factor(double time) {
            return StrictMath.pow(factor, Math.floor(time / length));
        }

        @Override
        public Decay inUnits(double units) {
            return new Stairs(length * units, factor);
        }
    }
}
