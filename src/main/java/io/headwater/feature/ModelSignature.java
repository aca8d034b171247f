package io.headwater.feature;

/**
 * The tensors that every exported model takes and gives: inputs {@value #NUMERIC} float {@code [rows, numericWidth]}
 * and {@value #CATEGORICAL} int64 {@code [rows, categoricalWidth]} (each left out where its {@link FeatureSchema} gives
 * it no column), outputs {@value #LOGIT} float {@code [rows]} and {@value #PROBABILITY} float {@code [rows]}.
 */
public final class ModelSignature {
    public static final String NUMERIC = "numeric";
    public static final String CATEGORICAL = "categorical";
    public static final String LOGIT = "logit";
    public static final String PROBABILITY = "probability";

    private ModelSignature() {}
}
