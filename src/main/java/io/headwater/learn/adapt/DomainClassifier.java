package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.DomainTerm.TermWeight;
import io.headwater.torch.Numbers;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the two domains apart by one hidden layer: the adversary of the features. */
final class DomainClassifier {
    private static final String HIDDEN_WEIGHT = "domain.hidden.weight";
    private static final String HIDDEN_BIAS = "domain.hidden.bias";
    private static final String WEIGHT = "domain.weight";
    private static final String BIAS = "domain.bias";

    /** A unit that is 0 for all rows would never come back, and with the last one the features lose their adversary. */
    private static final float LEAK = 0.2f;

    private DomainClassifier() {}

    /** Fresh weights, uniform in ±1/sqrt(fan in) as PyTorch starts its layers, LeCun et al. (1998). */
    static Map<String, TermWeight> weights(int inputs, int hidden, SeededRandom random) {
        Map<String, TermWeight> weights = new LinkedHashMap<>();
        weights.put(
                HIDDEN_WEIGHT, new TermWeight(uniform(inputs * hidden, inputs, random), new long[] {inputs, hidden}));
        weights.put(HIDDEN_BIAS, new TermWeight(uniform(hidden, inputs, random), new long[] {hidden}));
        weights.put(WEIGHT, new TermWeight(uniform(hidden, hidden, random), new long[] {hidden, 1}));
        weights.put(BIAS, new TermWeight(new float[1], new long[] {1}));
        return weights;
    }

    private static float[] uniform(int count, int fanIn, SeededRandom random) {
        double bound = 1 / Math.sqrt(fanIn);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    /**
     * Its log loss in nats: the mean over source rows and the mean over target rows, half each, so that ln 2 is not
     * knowing.
     *
     * @param source {@code [rows, inputs]}
     * @param target {@code [rows, inputs]}
     */
    static NDArray loss(NDArray source, NDArray target, Map<String, NDArray> weights) {
        long sourceRows = source.getShape().get(0);
        NDArray logits = logits(NDArrays.concat(new NDList(source, target), 0), weights);
        // -log p of a source row is softplus(z), of a target row softplus(-z).
        NDArray ofSource =
                logits.get("0:" + sourceRows).getNDArrayInternal().softPlus().mean();
        NDArray ofTarget = logits.get(sourceRows + ":")
                .neg()
                .getNDArrayInternal()
                .softPlus()
                .mean();
        return Numbers.times(ofSource.add(ofTarget), 0.5f);
    }

    private static NDArray logits(NDArray rows, Map<String, NDArray> weights) {
        NDArray hidden = rows.matMul(weight(weights, HIDDEN_WEIGHT))
                .add(weight(weights, HIDDEN_BIAS))
                .getNDArrayInternal()
                .leakyRelu(LEAK);
        return hidden.matMul(weight(weights, WEIGHT)).add(weight(weights, BIAS));
    }

    private static NDArray weight(Map<String, NDArray> weights, String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("the domain classifier lacks its weight " + name);
        }
        return weight;
    }
}
