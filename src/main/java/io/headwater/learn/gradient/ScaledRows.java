package io.headwater.learn.gradient;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.NumericScaler;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.graph.SplitGraph;
import io.headwater.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Labelled rows of a tabular source behind their scaling, computed once. */
final class ScaledRows implements TrainingRows, AutoCloseable {
    private final LabeledRows rows;
    private final Prefix prefix;
    private final RowLayout layout;
    private final List<HostTensor> tensors = new ArrayList<>();

    ScaledRows(SplitGraph split, LabeledRows rows, Anatomy anatomy, NumericScaler scaler) {
        this.rows = rows;
        this.prefix = new Prefix(split, rows.rows().layout(), anatomy, rows.size());
        for (int row = 0; row < rows.size(); row++) {
            prefix.staging().copyRow(rows.rows(), row);
        }
        prefix.run(scaler.mean(), scaler.scale());
        List<RowTensor> made = new ArrayList<>();
        for (String name : prefix.names()) {
            HostTensor tensor = prefix.tensor(name);
            List<Integer> shape = List.of(tensor.width());
            made.add(tensor.isFloat() ? RowTensor.floats(name, shape) : RowTensor.longs(name, shape));
            tensors.add(tensor);
        }
        this.layout = new RowLayout(made, rows.rows().layout().origin());
    }

    @Override
    public RowLayout layout() {
        return layout;
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public int label(int row) {
        return (int) rows.labels()[row];
    }

    @Override
    public void copyTo(FeatureBatch batch, int[] order, int from, int count, boolean varied) {
        for (int i = from; i < from + count; i++) {
            int at = batch.nextRow();
            for (int t = 0; t < tensors.size(); t++) {
                HostTensor tensor = tensors.get(t);
                int width = tensor.width();
                if (tensor.isFloat()) {
                    batch.floats(t).put(at * width, tensor.floats(), order[i] * width, width);
                } else {
                    batch.longs(t).put(at * width, tensor.longs(), order[i] * width, width);
                }
            }
        }
    }

    @Override
    public void close() {
        prefix.close();
    }
}
