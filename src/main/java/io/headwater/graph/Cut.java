package io.headwater.graph;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Where a graph is cut: the tensors that end its frozen part. What makes them is the prefix; what follows from them is
 * the suffix, which trains.
 *
 * @param tensors names of inner tensors or of inputs; at least one
 */
public record Cut(List<String> tensors) {
    public Cut {
        tensors = List.copyOf(new LinkedHashSet<>(tensors));
        if (tensors.isEmpty()) {
            throw new GraphException("a cut names at least one tensor");
        }
    }

    /**
     * The cut that {@code words} mean in {@code graph}: {@code head}, {@code last:K} or the name of a tensor, as
     * {@link Layers#cut} says.
     *
     * @throws GraphException if there is no such cut; the message names the nearest ones
     */
    public static Cut of(OnnxGraph graph, String words) {
        return Layers.of(graph).cut(words);
    }

    public static Cut at(String... tensors) {
        return new Cut(List.of(tensors));
    }
}
