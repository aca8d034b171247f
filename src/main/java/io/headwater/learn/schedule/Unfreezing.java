package io.headwater.learn.schedule;

import io.headwater.learn.Allowed;

/**
 * When the layers right of the cut begin to train. The head trains from the start; layers follow from the top down, each
 * with those above it: Howard & Ruder, Universal Language Model Fine-tuning (ACL 2018), section 3.3.
 */
public sealed interface Unfreezing {
    /** How many layers train, the head not counted, from 0 to {@code layers}. */
    int open(TrainingCourse.State at, int layers);

    /** All layers from the start. */
    record AtOnce() implements Unfreezing {
        @Override
        public int open(TrainingCourse.State at, int layers) {
            return layers;
        }
    }

    /**
     * The head alone until it is as good as it gets on the layers' features as they are, then all layers: Kumar et al.,
     * Fine-Tuning can Distort Pretrained Features (ICLR 2022). A fresh head's first gradients say nothing of use to the
     * layers under it. Training the head is a run of its own, on features computed once; the course begins after it.
     */
    record HeadFirst() implements Unfreezing {
        @Override
        public int open(TrainingCourse.State at, int layers) {
            return layers;
        }
    }

    /** The head alone at first, then one layer more every {@code steps} optimizer steps. */
    record EverySteps(long steps) implements Unfreezing {
        public EverySteps {
            Allowed.within("steps between layers", steps, 1, (long) Decay.LONGEST);
        }

        @Override
        public int open(TrainingCourse.State at, int layers) {
            return (int) Math.min(layers, at.steps() / steps);
        }
    }

    /** The head alone at first, then one layer more every {@code epochs} epochs. */
    record EveryEpochs(int epochs) implements Unfreezing {
        public EveryEpochs {
            Allowed.within("epochs between layers", epochs, 1, 1_000_000);
        }

        @Override
        public int open(TrainingCourse.State at, int layers) {
            return Math.min(layers, at.epochs() / epochs);
        }
    }

    /** The head alone at first, then one layer more whenever {@code evaluations} in a row brought nothing better. */
    record WhenStalled(int evaluations) implements Unfreezing {
        public WhenStalled {
            Allowed.within("evaluations of a stall", evaluations, 1, 1_000_000);
        }

        @Override
        public int open(TrainingCourse.State at, int layers) {
            return Math.min(layers, at.stalls());
        }
    }
}
