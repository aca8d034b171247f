package io.headwater.learn.gradient;

import io.headwater.graph.Backbone;
import io.headwater.graph.Cut;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the parts are inside a source model's graph: what a learner has to know to cut, train and adapt it.
 *
 * @param cuts the cuts offered, by name, leftmost first
 * @param layers names of the weights and biases of each layer, from the head down
 * @param hidden the activation that domain adaptation aligns, {@code [batch, width]}; empty where nothing left of it
 *     trains
 * @param score the model's own logit before the running intercept is added, {@code [batch]}
 * @param intercept the initializer that is added to the score
 * @param means the initializer of the numeric columns' means, empty where there are none
 * @param scales the initializer of the numeric columns' scales, empty where there are none
 */
public record Anatomy(
        Map<String, Cut> cuts,
        List<List<String>> layers,
        String hidden,
        String score,
        String intercept,
        String means,
        String scales) {
    /** The one cut of a backbone's trainable part: at its inputs. */
    public static final String SUFFIX = "suffix";

    private static final int MAX_NAMES = 10_000;

    public Anatomy {
        cuts = Collections.unmodifiableMap(new LinkedHashMap<>(cuts));
        layers = layers.stream().map(List::copyOf).toList();
    }

    /** The anatomy of a backbone's trainable part under a head of one output. */
    static Anatomy of(Backbone backbone) {
        List<String> frontier =
                backbone.split().frontier().stream().map(TensorSpec::name).toList();
        return new Anatomy(
                Map.of(SUFFIX, new Cut(frontier)),
                backbone.trained().stream().map(Backbone.TrainedLayer::weights).toList(),
                frontier.contains(backbone.features()) ? "" : backbone.features(),
                backbone.score(),
                HeadNames.INTERCEPT,
                "",
                "");
    }

    /** @throws IllegalArgumentException if there is no cut of that name */
    public Cut cut(String name) {
        Cut cut = cuts.get(name);
        if (cut == null) {
            throw new IllegalArgumentException("cut is '" + name + "'; this model has " + cuts.keySet());
        }
        return cut;
    }

    /**
     * The names of a trainable part's weights and biases, from the head down. The running intercept and the columns'
     * statistics follow rules of their own.
     */
    List<String> trainable(OnnxGraph suffix) {
        return layers.stream()
                .flatMap(List::stream)
                .filter(suffix.initializers()::containsKey)
                .toList();
    }

    boolean hasScaler() {
        return !means.isEmpty();
    }

    void write(StateWriter out) {
        out.integer(cuts.size());
        cuts.forEach((name, cut) -> {
            out.text(name).integer(cut.tensors().size());
            cut.tensors().forEach(out::text);
        });
        out.integer(layers.size());
        layers.forEach(layer -> {
            out.integer(layer.size());
            layer.forEach(out::text);
        });
        out.text(hidden).text(score).text(intercept).text(means).text(scales);
    }

    static Anatomy read(StateReader in) {
        Map<String, Cut> cuts = new LinkedHashMap<>();
        int count = in.integer(1, MAX_NAMES);
        for (int i = 0; i < count; i++) {
            String name = in.text();
            cuts.put(name, new Cut(names(in)));
        }
        List<List<String>> layers = new ArrayList<>();
        int depth = in.integer(1, MAX_NAMES);
        for (int i = 0; i < depth; i++) {
            layers.add(names(in));
        }
        return new Anatomy(cuts, layers, in.text(), in.text(), in.text(), in.text(), in.text());
    }

    private static List<String> names(StateReader in) {
        int count = in.integer(1, MAX_NAMES);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(in.text());
        }
        return names;
    }
}
