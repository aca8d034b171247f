package io.headwater.graph;

/** What a classifying head gives its outputs and its intercept as names. */
public final class HeadNames {
    /** The score with the intercept added, {@code [batch]}. */
    public static final String LOGIT = "logit";

    /** The logit's sigmoid, {@code [batch]}. */
    public static final String PROBABILITY = "probability";

    /** One score per class, {@code [batch, classes]}. */
    public static final String LOGITS = "logits";

    /** Their softmax, {@code [batch, classes]}. */
    public static final String PROBABILITIES = "probabilities";

    /** The initializer of one element that is added to the score of a head of one output. */
    public static final String INTERCEPT = "intercept";

    private HeadNames() {}
}
