package io.headwater.learn.schedule;

import io.headwater.learn.Allowed;

/**
 * What part of the learning rate each step takes: a linear rise, then a decay.
 *
 * @param warmUpSteps steps until the full rate; 0 starts with it
 * @param decay from then on, its time in steps
 */
public record RateSchedule(long warmUpSteps, Decay decay) {
    /*
     * Warm-up keeps Adam's first steps small, whose second moments rest on few gradients: Goyal et al., Accurate, Large
     * Minibatch SGD (2017), section 2.2; for fine-tuning, Mosbach et al., On the Stability of Fine-tuning BERT (ICLR
     * 2021).
     */
    public static final RateSchedule CONSTANT = new RateSchedule(0, new Decay.Constant());

    public RateSchedule {
        Allowed.within("warm-up steps", warmUpSteps, 0, (long) Decay.LONGEST);
    }

    /**
     * The factor of a step's learning rate, in {@code [0, 1]}.
     *
     * @param step from 0: the steps taken before. The first of {@code n} warm-up steps has {@code 1/n}, the last 1
     */
    public double factor(long step) {
        Allowed.within("step", step, 0, Long.MAX_VALUE);
        return step < warmUpSteps ? (step + 1) / (double) warmUpSteps : decay.factor(step - warmUpSteps);
    }

    /**
     * A schedule whose time is in epochs, for a training whose number of rows is not known yet.
     *
     * @param warmUp epochs until the full rate
     * @param decay from then on, its time in epochs
     */
    public record InEpochs(double warmUp, Decay decay) {
        public static final InEpochs CONSTANT = new InEpochs(0, new Decay.Constant());

        public InEpochs {
            Allowed.within("warm-up epochs", warmUp, 0, 1e6);
        }

        /** The same over {@code factor} times the epochs. */
        public InEpochs stretched(double factor) {
            return new InEpochs(warmUp * factor, decay.inUnits(factor));
        }

        /** The same in steps. */
        public RateSchedule inSteps(long stepsInEpoch) {
            Allowed.within("steps in an epoch", stepsInEpoch, 1, 1_000_000_000);
            return new RateSchedule(Math.round(warmUp * stepsInEpoch), decay.inUnits(stepsInEpoch));
        }
    }
}
