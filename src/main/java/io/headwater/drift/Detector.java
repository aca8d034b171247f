package io.headwater.drift;

/** What raised an alarm. */
public enum Detector {
    /** Adaptive windowing on the loss. */
    ADWIN("ADWIN"),
    /** A cumulative sum of the loss above its mean. */
    PAGE_HINKLEY("Page-Hinkley"),
    /** The population stability index of one feature. */
    POPULATION_STABILITY("population stability index"),
    /** The largest difference between two distribution functions of one feature. */
    KOLMOGOROV_SMIRNOV("Kolmogorov-Smirnov");

    private final String title;

    Detector(String title) {
        this.title = title;
    }

    /** As people know it. */
    String title() {
        return title;
    }

    /** Whether it watches the loss; others watch one feature each. */
    public boolean watchesLoss() {
        return this == ADWIN || this == PAGE_HINKLEY;
    }
}
