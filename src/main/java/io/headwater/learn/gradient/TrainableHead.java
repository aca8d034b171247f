package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.adapt.DomainRows;
import io.headwater.learn.retain.FisherDiagonal;
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
import org.jspecify.annotations.Nullable;

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
     * @param aligned rows of two domains, if any are aligned
     */
    record StepRows(List<Prefix.Rows> labelled, @Nullable AlignedRows aligned) {
        /** All of them, in the order in which they go through the head. */
        List<Prefix.Rows> inOrder() {
            List<Prefix.Rows> all = new ArrayList<>(labelled);
            if (aligned != null) {
                all.add(aligned.source());
                all.add(aligned.target());
            }
            return all;
        }

        int labelledCount() {
            return labelled.stream().mapToInt(Prefix.Rows::count).sum();
        }
    }

    /**
     * Rows of two domains to be aligned.
     *
     * @param strength λ, above 0
     */
    record AlignedRows(Prefix.Rows source, Prefix.Rows target, double strength) {}

    private static final float[] NOTHING = {};

    private final Anatomy anatomy;
    private final GradientSettings settings;
    private final Prefix prefix;
    private final HostTensor labels;
    private final HostTensor offsets;
    private final TorchGraph graph;
    private final AdamW adam;
    private final Map<String, Float> factors;
    private final @Nullable LiveTerm term;
    private final @Nullable LiveRetention retention;

    TrainableHead(OnnxGraph suffix, Anatomy anatomy, GradientSettings settings, TorchDevice device, Prefix prefix) {
        this.anatomy = anatomy;
        this.settings = settings;
        this.prefix = prefix;
        int capacity = prefix.staging().capacity();
        this.labels = HostTensor.floats(capacity, 1);
        this.offsets = HostTensor.floats(capacity, 1);
        boolean aligns = settings.adaptation().isUsed();
        List<String> kept = aligns ? List.of(anatomy.score(), anatomy.hidden()) : List.of(anatomy.score());
        OnnxGraph trained = GraphSplitter.endingAt(suffix, kept);
        this.graph = new TorchGraph(trained, device, anatomy.trainable(trained));
        this.adam = new AdamW(graph, settings.optimizer());
        WeightLayers layers =
                WeightLayers.of(anatomy.layers(), graph.parameters().keySet());
        this.factors = settings.layerRates().factors(layers, layers.belowHead());
        this.retention = settings.retention().isUsed()
                ? new LiveRetention(settings.retention(), trained, anatomy.trainable(trained), anatomy.score(), device)
                : null;
        this.term = aligns ? new LiveTerm(settings, hiddenWidth(), device) : null;
    }

    /** Of the layer to align, by a row that need not be anything. */
    private int hiddenWidth() {
        return GradientScope.plain(
                graph,
                scope -> Math.toIntExact(graph.run(scope, prefix.rows(scope.manager(), List.of(new Prefix.Rows(0, 1))))
                        .get(anatomy.hidden())
                        .getShape()
                        .get(1)));
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

    /**
     * One step on log loss plus adaptation; left out if loss or gradient is not finite.
     *
     * @param intercept what is added to a score now
     */
    Outcome step(StepRows rows, float intercept) {
        float[] taught = retention == null ? NOTHING : retention.taught(prefix, rows.labelled());
        return GradientScope.recording(graph, scope -> {
            TorchGraph.Tensors tensors = graph.run(scope, prefix.rows(scope.manager(), rows.inOrder()));
            int labelled = rows.labelledCount();
            NDManager manager = scope.manager();
            NDArray score = part(tensors.get(anatomy.score()), 0, labelled);
            NDArray logits = score.add(columns(manager, offsets, rows.labelled()));
            NDArray loss = LogLoss.mean(logits, columns(manager, labels, rows.labelled()));
            double adaptation = 0;
            AlignedRows aligned = rows.aligned();
            if (aligned != null && term != null) {
                NDArray domains = term.loss(domainRows(tensors, labelled, aligned, intercept), aligned.strength());
                adaptation = settings.adaptation().method().unweighted(domains.getFloat(), aligned.strength());
                loss = loss.add(domains);
            }
            if (retention != null) {
                loss = loss.add(retention.loss(manager, score, taught, graph.parameters()));
            }
            if (!Float.isFinite(loss.getFloat())) {
                return new Outcome(adaptation, Double.NaN, false);
            }
            scope.backward(loss);
            AdamW.Step step = adam.step((float) settings.learningRate(), factors);
            if (aligned != null && term != null) {
                term.step();
            }
            return new Outcome(adaptation, step.gradientNorm(), step.applied());
        });
    }

    private DomainRows domainRows(TorchGraph.Tensors tensors, int labelled, AlignedRows aligned, float intercept) {
        NDArray hidden = tensors.get(anatomy.hidden());
        NDArray logits = Numbers.plus(tensors.get(anatomy.score()), intercept);
        int target = labelled + aligned.source().count();
        int end = target + aligned.target().count();
        return new DomainRows(
                part(hidden, labelled, target),
                part(hidden, target, end),
                part(logits, labelled, target),
                part(logits, target, end));
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

    /** What the learner is held to; null where nothing keeps it from forgetting. */
    @Nullable
    LiveRetention retention() {
        return retention;
    }

    /** Holds the learner to what it is now; staged {@code rows} say what matters, their scores with {@code intercept}. */
    void anchor(Prefix.Rows rows, float intercept) {
        if (retention != null) {
            retention.anchor(weights(), retention.needsImportance() ? information(rows, intercept) : Map.of());
        }
    }

    /**
     * With y drawn from the model itself the squared gradient of -log p(y | x) has the mean p (1 - p) (dz/dw)^2, which is
     * the square of one backward pass.
     */
    private Map<String, float[]> information(Prefix.Rows rows, float intercept) {
        return FisherDiagonal.of(graph, rows.count(), (scope, row) -> {
            List<Prefix.Rows> one = List.of(new Prefix.Rows(rows.from() + row, 1));
            NDArray score = graph.run(scope, prefix.rows(scope.manager(), one)).get(anatomy.score());
            double p = LogLoss.sigmoid(score.toFloatArray()[0] + intercept);
            return Numbers.times(score.sum(), (float) Math.sqrt(p * (1 - p)));
        });
    }

    /** What the term has learned for itself; null where nothing is aligned. */
    @Nullable
    LiveTerm term() {
        return term;
    }

    @Override
    public void close() {
        if (retention != null) {
            retention.close();
        }
        if (term != null) {
            term.close();
        }
        adam.close();
        graph.close();
    }
}
