package io.headwater.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Assigns nodes to layers by structure alone, for a graph whose names say nothing. */
final class RepeatedLayers {
    /*
     * Where a single learned tensor is alive the graph can be cut in two; what lies between two such places and has
     * weights is a segment. Where segments repeat in a longer pattern (attention, feed-forward, attention, ...) a
     * period of them is a layer.
     */
    private static final int MAX_PERIOD = 8;

    private final WeightFlow flow;
    private final List<Node> nodes;

    private RepeatedLayers(List<Node> nodes, WeightFlow flow) {
        this.nodes = nodes;
        this.flow = flow;
    }

    static Map<Node, String> of(List<Node> nodes, WeightFlow flow) {
        RepeatedLayers layers = new RepeatedLayers(nodes, flow);
        List<List<Node>> parts = layers.joined(layers.segments());
        Map<Node, String> names = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            for (Node node : parts.get(i)) {
                names.put(node, "part." + i);
            }
        }
        return names;
    }

    private List<List<Node>> segments() {
        Map<String, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).inputs()) {
                lastUse.put(input, i);
            }
        }
        List<List<Node>> segments = new ArrayList<>();
        List<Node> open = new ArrayList<>();
        List<String> alive = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            int now = i;
            open.add(nodes.get(i));
            alive.addAll(nodes.get(i).outputs().stream().filter(flow::carries).toList());
            alive.removeIf(tensor -> lastUse.getOrDefault(tensor, -1) <= now);
            if (alive.size() <= 1) {
                boolean heavy = open.stream().anyMatch(flow::isHeavy);
                if (heavy || segments.isEmpty()) {
                    segments.add(open);
                } else {
                    segments.get(segments.size() - 1).addAll(open);
                }
                open = new ArrayList<>();
            }
        }
        if (!open.isEmpty()) {
            segments.add(open);
        }
        return segments;
    }

    private String signature(List<Node> segment) {
        StringBuilder text = new StringBuilder();
        segment.forEach(node -> text.append(node.op()).append(flow.weights(node).size()));
        return text.toString();
    }

    private List<List<Node>> joined(List<List<Node>> segments) {
        List<String> signatures = segments.stream().map(this::signature).toList();
        int from = 0;
        int period = 1;
        int covered = 0;
        for (int p = 1; p <= Math.min(MAX_PERIOD, segments.size() / 2); p++) {
            for (int start = 0; start + 2 * p <= segments.size(); start++) {
                int length = run(signatures, start, p);
                // Most of the longer periods are multiples of a shorter one: the shorter one wins a draw.
                if (length >= 2 * p && length > covered) {
                    from = start;
                    period = p;
                    covered = length;
                }
            }
        }
        List<List<Node>> parts = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            boolean continues = i > from && i < from + covered && (i - from) % period != 0;
            if (continues) {
                parts.get(parts.size() - 1).addAll(segments.get(i));
            } else {
                parts.add(new ArrayList<>(segments.get(i)));
            }
        }
        return parts;
    }

    /** How many segments from {@code start} on repeat with {@code period}, whole periods only. */
    private static int run(List<String> signatures, int start, int period) {
        int end = start + period;
        while (end < signatures.size() && signatures.get(end).equals(signatures.get(end - period))) {
            end++;
        }
        return (end - start) / period * period;
    }
}
