package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.adapt.Coral;
import io.headwater.torch.AdamW;
import io.headwater.torch.GradientScope;
import io.headwater.torch.HostTensor;
import io.headwater.torch.Numbers;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of the model right of the cut, with its optimizer: scores staged rows and takes steps on them. */
final class TrainableHead implements AutoCloseable {
    /**
     * One step's outcome.
     *
     * @param adaptation the adaptation loss before weighting, 0 where nothing was aligned
     * @param gradientNorm before clipping; NaN where the loss already was not finite
     */
    record Outcome(double adaptation, double gradientNorm, boolean applied) {}

    /**
     * What a step learns from, as staged rows.
     *
     * @param labelled parts whose labels and offsets count; their rows come first
     * @param source rows of the source domain, perhaps none
     * @param target rows of live traffic, perhaps none
     */
    record StepRows(List<Prefix.Rows> labelled, Prefix.Rows source, Prefix.Rows target) {
        /** All of them, in the order in which they go through the head. */
        List<Prefix.Rows> inOrder() {
            List<Prefix.Rows> all = new ArrayList<>(labelled);
            if (aligns()) {
                all.add(source);
                all.add(target);
            }
            return all;
        }

        int labelledCount() {
            return labelled.stream().mapToInt(Prefix.Rows::count).sum();
        }

        boolean aligns() {
            return source.count() > 0 && target.count() > 0;
        }
    }

    private final Anatomy anatomy;
    private final GradientSettings settings;
    private final Prefix prefix;
    private final HostTensor labels;
    private final HostTensor offsets;
    private final TorchGraph graph;
    private final AdamW adam;
    private final Map<String, Float> factors;

    TrainableHead(OnnxGraph suffix, Anatomy anatomy, GradientSettings settings, TorchDevice device, Prefix prefix) {
        this.anatomy = anatomy;
        this.settings = settings;
        this.prefix = prefix;
        int capacity = prefix.staging().capacity();
        this.labels = HostTensor.floats(capacity, 1);
        this.offsets = HostTensor.floats(capacity, 1);
        List<String> kept =
                settings.coral() > 0 ? List.of(anatomy.score(), anatomy.hidden()) : List.of(anatomy.score());
        OnnxGraph trained = GraphSplitter.endingAt(suffix, kept);
        this.graph = new TorchGraph(trained, device, anatomy.trainable(trained));
        this.adam = new AdamW(graph, settings.optimizer());
        WeightLayers layers =
                WeightLayers.of(anatomy.layers(), graph.parameters().keySet());
        this.factors = settings.layerRates().factors(layers, layers.belowHead());
    }

    int nativeArrays() {
        return graph.nativeArrays();
    }

    TorchDevice device() {
        return graph.device();
    }

    /** Says label and offset of a staged row. */
    void label(int row, float label, float offset) {
        labels.floats().put(row, label);
        offsets.floats().put(row, offset);
    }

    /** The scores of staged rows, without the intercept. */
    float[] scores(Prefix.Rows rows) {
        return GradientScope.plain(
                graph,
                scope -> graph.run(scope, prefix.rows(scope.manager(), List.of(rows)))
                        .get(anatomy.score())
                        .toFloatArray());
    }

    /** One step on log loss plus adaptation; left out if loss or gradient is not finite. */
    Outcome step(StepRows rows) {
        return GradientScope.recording(graph, scope -> {
            TorchGraph.Tensors tensors = graph.run(scope, prefix.rows(scope.manager(), rows.inOrder()));
            int labelled = rows.labelledCount();
            NDManager manager = scope.manager();
            NDArray score = part(tensors.get(anatomy.score()), 0, labelled);
            NDArray logits = score.add(columns(manager, offsets, rows.labelled()));
            NDArray loss = LogLoss.mean(logits, columns(manager, labels, rows.labelled()));
            double adaptation = 0;
            if (rows.aligns()) {
                NDArray hidden = tensors.get(anatomy.hidden());
                int target = labelled + rows.source().count();
                NDArray coral = Coral.loss(
                        part(hidden, labelled, target),
                        part(hidden, target, target + rows.target().count()));
                adaptation = coral.getFloat();
                loss = loss.add(Numbers.times(coral, (float) settings.coral()));
            }
            if (!Float.isFinite(loss.getFloat())) {
                return new Outcome(adaptation, Double.NaN, false);
            }
            scope.backward(loss);
            AdamW.Step step = adam.step((float) settings.learningRate(), factors);
            return new Outcome(adaptation, step.gradientNorm(), step.applied());
        });
    }

    private static NDArray columns(NDManager manager, HostTensor column, List<Prefix.Rows> parts) {
        NDList list = new NDList(parts.size());
        parts.forEach(part -> list.add(column.column(manager, part.from(), part.count())));
        return list.size() == 1 ? list.get(0) : NDArrays.concat(list, 0);
    }

    private static NDArray part(NDArray rows, int from, int until) {
        return rows.get(new NDIndex().addSliceDim(from, until));
    }

    Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        graph.parameters().keySet().forEach(name -> weights.put(name, graph.weights(name)));
        return weights;
    }

    AdamW.State optimizer() {
        return adam.state();
    }

    /** Both must fit: see {@link #weights} and {@link #optimizer}. */
    void restore(Map<String, float[]> weights, AdamW.State state) {
        weights.forEach(graph::setWeights);
        adam.restore(state);
    }

    @Override
    public void close() {
        adam.close();
        graph.close();
    }
}
