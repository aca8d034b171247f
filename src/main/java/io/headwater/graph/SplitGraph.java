package io.headwater.graph;

import java.util.List;
import java.util.Optional;

/**
 * A graph in two parts that together are the whole.
 *
 * @param whole the graph that was cut; where an initializer served both sides, the suffix has a copy of its own in it,
 *     so that writing a trained weight back changes nothing left of the cut
 * @param prefix makes the frontier from the graph's inputs; empty where the cut leaves no node on its left
 * @param suffix makes the graph's outputs from the frontier
 * @param frontier every tensor that the suffix reads from its left, graph inputs among them; the tensors of the cut
 *     first
 */
public record SplitGraph(OnnxGraph whole, Optional<OnnxGraph> prefix, OnnxGraph suffix, List<TensorSpec> frontier) {
    public SplitGraph {
        frontier = List.copyOf(frontier);
    }
}
