package io.headwater.learn.adapt;

import io.headwater.learn.Allowed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How much each of several source domains counts in a training for one target, by how alike its rows are to the
 * target's. No label of the target is needed.
 *
 * @param distances proxy A-distance of each source's rows and the target's, 0 to 2
 * @param weights share of the training that each source has; they sum to 1
 */
public record SourceWeights(List<Double> distances, List<Double> weights) {
    /*
     * Ben-David et al., A Theory of Learning from Different Domains (Machine Learning 2010), section 7: with shares a_s of
     * the training the error in the target is at most
     *
     *     sum a_s (error of the best joint model + distance of s) + a term that grows with sum a_s^2 / b_s,
     *
     * b_s the shares of the rows: near sources should count more, but not so much more that most rows count for nothing.
     * Here that second term is the divergence KL(a || b) times a temperature, with which the best shares have a closed
     * form, b_s exp(-d_s / temperature) over their sum; Zhao et al., Adversarial Multiple Source Domain Adaptation
     * (NeurIPS 2018), weight their sources by such an exponential too. Where all are equally far it is the rows' shares.
     */
    /** An eighth of the range of distances halves a source's share, nearly. */
    public static final double TEMPERATURE = 0.4;

    public SourceWeights {
        distances = List.copyOf(distances);
        weights = List.copyOf(weights);
        if (distances.isEmpty() || distances.size() != weights.size()) {
            throw new IllegalArgumentException(weights.size() + " weights for " + distances.size()
                    + " sources; one for each of at least one source is needed");
        }
        distances.forEach(distance -> Allowed.within("the distance of a source", distance, 0, 2));
        weights.forEach(weight -> Allowed.within("the weight of a source", weight, 0, 1));
    }

    /**
     * By the distances.
     *
     * @param rows of each source, at least one
     */
    public static SourceWeights of(List<Double> distances, List<Integer> rows) {
        return of(distances, rows, TEMPERATURE);
    }

    /** @param temperature difference of distances that makes a factor e of the weights */
    static SourceWeights of(List<Double> distances, List<Integer> rows, double temperature) {
        if (distances.size() != rows.size() || distances.isEmpty()) {
            throw new IllegalArgumentException(distances.size() + " distances of " + rows.size() + " sources");
        }
        // By the nearest: its exponential is 1, so that the sum cannot vanish.
        double nearest = Collections.min(distances);
        double sum = 0;
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Allowed.within("rows of a source", rows.get(i), 1, Integer.MAX_VALUE);
            double share = rows.get(i) * StrictMath.exp((nearest - distances.get(i)) / temperature);
            shares.add(share);
            sum += share;
        }
        double all = sum;
        return new SourceWeights(
                distances, shares.stream().map(share -> share / all).toList());
    }

    /** The distance of the sources as they are weighted: what a term's strength goes by. */
    public double distance() {
        double sum = 0;
        for (int i = 0; i < weights.size(); i++) {
            sum += weights.get(i) * distances.get(i);
        }
        return sum;
    }
}
