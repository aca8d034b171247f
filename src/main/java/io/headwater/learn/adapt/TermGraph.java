package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.adapt.DomainTerm.TermWeight;
import io.headwater.torch.AdamW;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights that only a term has, with an optimizer of their own: their gradients clip nothing of the net's. */
public final class TermGraph implements AutoCloseable {
    /**
     * A term's own weights learn so much faster, as fresh layers do in the code of Long et al. (NeurIPS 2018): a domain
     * classifier that lags behind is fooled by features that run ahead of it, and the domains part instead of meeting.
     */
    public static final float OWN_RATE = 10;

    private final TorchGraph graph;
    private final AdamW adam;

    /** @param weights at least one */
    public TermGraph(Map<String, TermWeight> weights, AdamW.Settings settings, TorchDevice device) {
        GraphBuilder builder = new GraphBuilder("term");
        List<String> names = new ArrayList<>(weights.keySet());
        weights.forEach((name, weight) -> builder.floats(name, weight.values(), weight.shape()));
        // A graph has a node and an output; this one is never run.
        builder.nodeTo("unused", "/unused", "Identity", List.of(names.get(0)));
        builder.output(TensorSpec.of("unused", ElementType.FLOAT, Dim.UNKNOWN));
        this.graph = new TorchGraph(builder.build(), device, names);
        this.adam = new AdamW(graph, settings);
    }

    /** The weights, whose results belong to {@code scope}. */
    public Map<String, NDArray> lend(NDManager scope) {
        graph.parameters().values().forEach(weight -> weight.tempAttach(scope));
        return graph.parameters();
    }

    /** Within the scope of the last backward pass. */
    public void step(float rate) {
        adam.step(rate, Map.of());
    }

    /** Copies of the weights, by name. */
    public Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        graph.parameters().keySet().forEach(name -> weights.put(name, graph.weights(name)));
        return weights;
    }

    /** Native tensors held between steps. */
    public int nativeArrays() {
        return graph.nativeArrays();
    }

    public AdamW.State optimizer() {
        return adam.state();
    }

    /** Both must fit: see {@link #weights} and {@link #optimizer}. */
    public void restore(Map<String, float[]> weights, AdamW.State optimizer) {
        weights.forEach(graph::setWeights);
        adam.restore(optimizer);
    }

    @Override
    public void close() {
        adam.close();
        graph.close();
    }
}
