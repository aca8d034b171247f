package io.headwater.learn.retain;

import ai.djl.ndarray.NDArray;
import io.headwater.torch.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values for some of a model's weights, in memory that torch reads without a copy and nobody has to close. */
final class KeptWeights {
    /** A penalty of each element of one weight. */
    @FunctionalInterface
    interface Penalty {
        NDArray of(String name, NDArray weight, NDArray kept);
    }

    private final Map<String, HostTensor> values = new LinkedHashMap<>();

    KeptWeights(Map<String, float[]> weights) {
        weights.forEach((name, kept) -> {
            HostTensor tensor = HostTensor.floats(1, kept.length);
            tensor.floats().put(0, kept);
            values.put(name, tensor);
        });
        if (values.isEmpty()) {
            throw new IllegalArgumentException("there are no weights to keep");
        }
    }

    /** In the scope and shape of {@code like}. */
    NDArray of(String name, NDArray like) {
        HostTensor tensor = values.get(name);
        if (tensor == null || tensor.width() != like.size()) {
            throw new IllegalArgumentException("nothing that fits is kept for the weight '" + name + "' of "
                    + like.size() + " numbers; kept are " + values.keySet());
        }
        return tensor.rows(like.getManager(), 0, 1).reshape(like.getShape());
    }

    /** The sum over all elements of all kept weights. */
    NDArray sum(Map<String, NDArray> weights, Penalty penalty) {
        @Nullable NDArray sum = null;
        for (String name : values.keySet()) {
            NDArray weight = weights.get(name);
            if (weight == null) {
                throw new IllegalArgumentException(
                        "the weight '" + name + "' is kept, but the model has only " + weights.keySet());
            }
            NDArray part = penalty.of(name, weight, of(name, weight)).sum();
            sum = sum == null ? part : sum.add(part);
        }
        if (sum == null) {
            throw new IllegalStateException("there are no weights to keep");
        }
        return sum;
    }
}
