package io.headwater.actors.app.demo;

/**
 * How well a model's probabilities did over a set of events.
 *
 * @param rocAuc area under the ROC curve; NaN where all events are of one class
 * @param logLoss mean log loss in nats, probabilities clipped at 1e-7; NaN over no event
 * @param calibrationError how far probabilities were from coming true, {@link io.headwater.gate.CalibrationError}; NaN
 *     over no event
 */
public record Quality(double rocAuc, double logLoss, double calibrationError) {
    static final Quality UNKNOWN = new Quality(Double.NaN, Double.NaN, Double.NaN);
}
