package io.headwater.gate;

/**
 * How a model did on examples that it had not learned when it scored them (test-then-train; Gama et al., 2013).
 *
 * @param examples how many examples the figures are over
 * @param logLossNats mean log loss, nats; infinite if any score was not finite, NaN for no examples
 * @param rocAuc area under the ROC curve in [0, 1]; NaN while only one class was seen
 * @param calibrationError how far probabilities were from coming true: {@link CalibrationError}; NaN for no examples
 */
public record Prequential(int examples, double logLossNats, double rocAuc, double calibrationError) {}
