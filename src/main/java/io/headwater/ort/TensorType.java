package io.headwater.ort;

import java.util.List;

/**
 * What a graph says of one of its inputs or outputs.
 *
 * @param element ONNX Runtime's name of the element type: {@code FLOAT}, {@code INT64}, ...
 * @param shape the dimensions, -1 where one may change from run to run
 */
public record TensorType(String element, List<Long> shape) {
    public TensorType {
        shape = List.copyOf(shape);
    }

    @Override
    public String toString() {
        return element + shape;
    }
}
