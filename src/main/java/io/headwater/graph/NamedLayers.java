package io.headwater.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Assigns nodes to layers by the hierarchy of modules in their names. */
final class NamedLayers {
    /*
     * The layer of a node is the module at the first index of its path (encoder.layer.4, features.13, layer1.0). A node
     * whose path has no index belongs to the outermost module that holds no indexed one (embeddings, beside encoder).
     */
    private final Map<Node, ScopedName> scopes = new LinkedHashMap<>();
    private final Set<String> families;
    private final Map<ScopedName, Integer> members = new HashMap<>();
    private final Set<ScopedName> ancestors = new HashSet<>();

    private NamedLayers(List<Node> weighted, WeightFlow flow) {
        for (Node node : weighted) {
            ScopedName.of(node, flow.weights(node)).ifPresent(scope -> scopes.put(node, scope));
        }
        this.families = families();
        Set<ScopedName> seen = new HashSet<>();
        scopes.forEach((node, scope) -> scope.indexed(families).ifPresent(layer -> {
            // A norm beside a convolution does not make the two of them layers.
            if (flow.isHeavy(node) && seen.add(layer)) {
                register(layer);
            }
        }));
        if (seen.isEmpty()) {
            commonRoot().ifPresent(root -> {
                for (int i = 0; i <= root.parts().size(); i++) {
                    ancestors.add(root.first(i));
                }
            });
        }
    }

    /**
     * The layer name of each node that weights and names say something about.
     *
     * @param nodes all of them; a node without weights goes by its own name
     * @return empty where names say nothing: fewer than two layers, or most nodes with weights without a scope
     */
    static Map<Node, String> of(List<Node> nodes, WeightFlow flow) {
        List<Node> weighted =
                nodes.stream().filter(node -> !flow.weights(node).isEmpty()).toList();
        NamedLayers names = new NamedLayers(weighted, flow);
        if (names.scopes.size() * 3 < weighted.size() * 2) {
            return Map.of();
        }
        Map<Node, String> layers = new LinkedHashMap<>();
        for (Node node : nodes) {
            ScopedName scope = names.scopes.containsKey(node)
                    ? names.scopes.get(node)
                    : ScopedName.of(node, Set.of()).orElse(null);
            if (scope != null) {
                names.layer(scope).ifPresent(layer -> layers.put(node, layer.toString()));
            }
        }
        long distinct = weighted.stream().map(layers::get).distinct().count();
        return distinct < 2 ? Map.of() : layers;
    }

    /** Families of which there are at least two numbers. */
    private Set<String> families() {
        Map<String, Set<String>> numbers = new HashMap<>();
        for (ScopedName scope : scopes.values()) {
            for (int i = 0; i < scope.parts().size(); i++) {
                int part = i;
                scope.family(i)
                        .ifPresent(family -> numbers.computeIfAbsent(family, key -> new HashSet<>())
                                .add(scope.parts().get(part)));
            }
        }
        numbers.values().removeIf(found -> found.size() < 2);
        return numbers.keySet();
    }

    private void register(ScopedName layer) {
        for (int i = 0; i < layer.parts().size(); i++) {
            ancestors.add(layer.first(i));
        }
        members.merge(layer.first(layer.parts().size() - 1), 1, Integer::sum);
    }

    private Optional<ScopedName> commonRoot() {
        ScopedName root = null;
        for (ScopedName scope : scopes.values()) {
            int length = root == null ? scope.parts().size() : root.parts().size();
            while (root != null && !scope.isInside(root.first(length))) {
                length--;
            }
            root = root == null ? scope : root.first(length);
        }
        return Optional.ofNullable(root);
    }

    private Optional<ScopedName> layer(ScopedName scope) {
        Optional<ScopedName> indexed = scope.indexed(families);
        if (indexed.isPresent()) {
            return Optional.of(collapsed(indexed.get()));
        }
        for (int i = 1; i <= scope.parts().size(); i++) {
            if (!ancestors.contains(scope.first(i))) {
                return Optional.of(scope.first(i));
            }
        }
        return Optional.empty();
    }

    /** {@code features.0.0} is {@code features.0} where that holds nothing else. */
    private ScopedName collapsed(ScopedName layer) {
        ScopedName name = layer;
        while (name.parts().size() > 1
                && name.isIndex(name.parts().size() - 1)
                && name.first(name.parts().size() - 1).isIndex(name.parts().size() - 2)
                && members.getOrDefault(name.first(name.parts().size() - 1), 0) <= 1) {
            name = name.first(name.parts().size() - 1);
        }
        return name;
    }
}
