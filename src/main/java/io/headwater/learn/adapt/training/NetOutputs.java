package io.headwater.learn.adapt.training;

import io.headwater.feature.RowLayout;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.GradientScope;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;

/** What a net that no longer trains makes of rows. */
public final class NetOutputs implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 256;

    private final AdaptNet net;
    private final TorchGraph graph;
    private final StagedRows staged;

    public NetOutputs(AdaptNet net, RowLayout layout, TorchDevice device) {
        this.net = net;
        this.graph = new TorchGraph(net.graph(), device, net.weights());
        this.staged = new StagedRows(layout, ROWS_AT_ONCE);
    }

    /** The activations of the layer to align, row-major {@code [rows, width]}. */
    public float[] features(TrainingRows rows, int[] which) {
        return of(net.features(), rows, which);
    }

    /** {@code [rows]}, or row-major {@code [rows, classes]}. */
    public float[] logits(TrainingRows rows, int[] which) {
        return of(net.score(), rows, which);
    }

    /** The class of each row that the net thinks likeliest. */
    public int[] classes(TrainingRows rows, int[] which) {
        return classes(logits(rows, which), which.length);
    }

    /** The likeliest class of each row. */
    static int[] classes(float[] logits, int rows) {
        int[] found = new int[rows];
        int outputs = rows == 0 ? 1 : logits.length / rows;
        for (int row = 0; row < rows; row++) {
            int best = 0;
            for (int i = 1; i < outputs; i++) {
                best = logits[row * outputs + i] > logits[row * outputs + best] ? i : best;
            }
            found[row] = outputs == 1 ? (logits[row] > 0 ? 1 : 0) : best;
        }
        return found;
    }

    private float[] of(String tensor, TrainingRows rows, int[] which) {
        float[] all = new float[0];
        for (int from = 0; from < which.length; from += ROWS_AT_ONCE) {
            int count = Math.min(ROWS_AT_ONCE, which.length - from);
            staged.clear();
            staged.add(rows, which, from, count);
            float[] part = GradientScope.plain(
                    graph,
                    scope -> graph.run(scope, staged.tensors(scope.manager()))
                            .get(tensor)
                            .toFloatArray());
            if (from == 0) {
                all = new float[Math.multiplyExact(which.length, part.length / count)];
            }
            System.arraycopy(part, 0, all, from * (part.length / count), part.length);
        }
        return all;
    }

    @Override
    public void close() {
        graph.close();
    }
}
