package io.headwater.drift;

/** What raised an alarm. */
public enum Detector {
    /** Adaptive windowing on the loss. */
    ADWIN,
    /** A cumulative sum of the loss above its mean. */
    PAGE_HINKLEY,
    /** The population stability index of one feature. */
    POPULATION_STABILITY,
    /** The largest difference between two distribution functions of one feature. */
    KOLMOGOROV_SMIRNOV;

    /** Whether it watches the loss; others watch one feature each. */
    public boolean watchesLoss() {
        return this == ADWIN || this == PAGE_HINKLEY;
    }
}
