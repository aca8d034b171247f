package io.headwater.learn.adapt.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of one step in memory that torch reads. */
final class StagedRows {
    private final FeatureBatch batch;
    private final List<HostTensor> tensors = new ArrayList<>();

    StagedRows(RowLayout layout, int capacity) {
        this.batch = new FeatureBatch(layout, capacity);
        for (RowTensor tensor : layout.tensors()) {
            tensors.add(
                    tensor.isFloat()
                            ? HostTensor.floats(capacity, tensor.trailing())
                            : HostTensor.longs(capacity, tensor.trailing()));
        }
    }

    void clear() {
        batch.clear();
    }

    /** Appends rows {@code order[from]} until {@code order[from + count]}. */
    void add(TrainingRows rows, int[] order, int from, int count) {
        rows.copyTo(batch, order, from, count, false);
    }

    /** What was added, by the names of the graph's inputs; valid until more is added. */
    Map<String, NDArray> tensors(NDManager scope) {
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            HostTensor tensor = tensors.get(i);
            int elements = batch.rows() * tensor.width();
            if (tensor.isFloat()) {
                tensor.floats().put(0, batch.floats(i), 0, elements);
            } else {
                tensor.longs().put(0, batch.longs(i), 0, elements);
            }
            inputs.put(batch.layout().tensors().get(i).name(), tensor.rows(scope, 0, batch.rows()));
        }
        return inputs;
    }
}
