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

    public static Cut at(String... tensors) {
        return new Cut(List.of(tensors));
    }
}
