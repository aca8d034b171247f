package io.headwater.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of modules that a node belongs to, outermost first, as exporters leave it in the names of nodes and weights:
 * {@code /encoder/layer.4/output/dense/MatMul}, {@code features.13.conv.0.weight}, {@code block_12_expand_relu}.
 *
 * @param parts the modules, an index a part of its own
 * @param separator what stood between them
 */
record ScopedName(List<String> parts, String separator) {
    private static final Pattern NUMBERED = Pattern.compile("_*([A-Za-z_-]*?)_*(\\d+)");

    ScopedName {
        parts = List.copyOf(parts);
    }

    /** The scope of a node, from its own name or else from the names of the weights that it reads. */
    static Optional<ScopedName> of(Node node, Collection<String> weights) {
        if (node.name().contains("/")) {
            Optional<ScopedName> own = slashed(node.name());
            if (own.isPresent()) {
                return own;
            }
        }
        for (String weight : weights) {
            if (weight.contains(".") && !weight.contains(":")) {
                return scope(Arrays.asList(weight.split("\\.")), ".");
            }
            if (weight.contains("/")) {
                return slashed(weight);
            }
        }
        List<String> words = Arrays.asList(node.name().split("_"));
        return words.get(0).equalsIgnoreCase(node.op()) && words.size() == 2
                        || words.get(0).equals("node")
                ? Optional.empty()
                : scope(words, "_");
    }

    /** PyTorch repeats the path so far in a segment: {@code /layer1/layer1.0/conv1/Conv}. */
    private static Optional<ScopedName> slashed(String name) {
        List<String> segments = new ArrayList<>();
        for (String segment : name.split("/")) {
            int last = segments.size() - 1;
            if (last >= 0 && segment.startsWith(segments.get(last) + ".")) {
                segments.set(last, segment);
            } else if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return scope(Arrays.asList(String.join(".", segments).split("\\.")), ".");
    }

    /** Without its last part, which names the operator or the weight. */
    private static Optional<ScopedName> scope(List<String> parts, String separator) {
        return parts.size() < 2
                ? Optional.empty()
                : Optional.of(new ScopedName(parts.subList(0, parts.size() - 1), separator));
    }

    ScopedName first(int count) {
        return new ScopedName(parts.subList(0, count), separator);
    }

    boolean isInside(ScopedName module) {
        return parts.size() >= module.parts.size()
                && parts.subList(0, module.parts.size()).equals(module.parts);
    }

    boolean isIndex(int part) {
        return parts.get(part).chars().allMatch(Character::isDigit);
    }

    /** The family that a numbered part belongs to: {@code layer1} to that of all {@code layerN} beside it. */
    Optional<String> family(int part) {
        Matcher matcher = NUMBERED.matcher(parts.get(part));
        return matcher.matches()
                ? Optional.of(String.join("/", parts.subList(0, part)) + "/" + matcher.group(1))
                : Optional.empty();
    }

    /**
     * The path down to its first index, and the indices that follow that directly: {@code encoder.layer.4},
     * {@code layer1.0}; empty where there is none.
     *
     * @param families of parts that are numbered in words: an index only if there are several
     */
    Optional<ScopedName> indexed(Set<String> families) {
        for (int i = 0; i < parts.size(); i++) {
            if (isIndex(i) || family(i).filter(families::contains).isPresent()) {
                int end = i + 1;
                while (end < parts.size() && isIndex(end)) {
                    end++;
                }
                return Optional.of(first(end));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return String.join(separator, parts);
    }
}
