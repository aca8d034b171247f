package io.headwater.learn.gradient;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The weights that can train, by layer.
 *
 * @param fromHead names of the initializers of each layer: the head first, then the layers right of the cut from the top
 *     down; no name twice
 */
public record WeightLayers(List<List<String>> fromHead) {
    public WeightLayers {
        fromHead = fromHead.stream().map(List::copyOf).toList();
        if (fromHead.isEmpty()) {
            throw new IllegalArgumentException("there is no layer, not even a head");
        }
        Set<String> seen = new HashSet<>();
        for (List<String> layer : fromHead) {
            for (String weight : layer) {
                if (!seen.add(weight)) {
                    throw new IllegalArgumentException("the weight '" + weight + "' is in two layers");
                }
            }
        }
    }

    /**
     * The layers of {@code trainable}: names that are not among them are left out, and a weight in no layer belongs to
     * the lowest, which moves least.
     *
     * @param layers names by layer, the head first, then from the top down; for a {@code graph.Backbone} its {@code
     *     trained} layers
     */
    public static WeightLayers of(List<List<String>> layers, Collection<String> trainable) {
        Set<String> left = new LinkedHashSet<>(trainable);
        List<List<String>> found = new ArrayList<>();
        for (List<String> layer : layers) {
            List<String> here = layer.stream().filter(trainable::contains).toList();
            here.forEach(left::remove);
            if (!here.isEmpty() || found.isEmpty()) {
                found.add(new ArrayList<>(here));
            }
        }
        if (found.isEmpty()) {
            found.add(new ArrayList<>());
        }
        found.get(found.size() - 1).addAll(left);
        return new WeightLayers(found);
    }

    /** How many layers there are, the head not counted. */
    public int belowHead() {
        return fromHead.size() - 1;
    }

    /**
     * The names that train while {@code open} layers do, for {@code TorchGraph.train}.
     *
     * @param open from the top down, the head not counted, as a {@code TrainingCourse} says
     */
    public List<String> training(int open) {
        return fromHead.subList(0, Math.min(fromHead.size(), open + 1)).stream()
                .flatMap(List::stream)
                .toList();
    }
}
