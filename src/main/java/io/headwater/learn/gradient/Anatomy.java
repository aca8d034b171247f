package io.headwater.learn.gradient;

import io.headwater.graph.Cut;
import io.headwater.graph.ElementType;
import io.headwater.graph.Initializer;
import io.headwater.graph.OnnxGraph;
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
 * @param hidden the activation that domain adaptation aligns, {@code [batch, width]}
 * @param score the model's own logit before the running intercept is added, {@code [batch]}
 * @param intercept the initializer that is added to the score
 * @param means the initializer of the numeric columns' means, empty where there are none
 * @param scales the initializer of the numeric columns' scales, empty where there are none
 */
public record Anatomy(
        Map<String, Cut> cuts, String hidden, String score, String intercept, String means, String scales) {
    private static final int MAX_NAMES = 10_000;

    public Anatomy {
        cuts = Collections.unmodifiableMap(new LinkedHashMap<>(cuts));
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
     * The names of a trainable part's weights and biases: its float tensors of at least one dimension. The running
     * intercept and the columns' statistics follow rules of their own.
     */
    List<String> trainable(OnnxGraph suffix) {
        List<String> others = List.of(intercept, means, scales);
        return suffix.initializers().values().stream()
                .filter(weight -> weight.type() == ElementType.FLOAT && weight.shape().length > 0)
                .map(Initializer::name)
                .filter(name -> !others.contains(name))
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
        out.text(hidden).text(score).text(intercept).text(means).text(scales);
    }

    static Anatomy read(StateReader in) {
        Map<String, Cut> cuts = new LinkedHashMap<>();
        int count = in.integer(1, MAX_NAMES);
        for (int i = 0; i < count; i++) {
            String name = in.text();
            int tensors = in.integer(1, MAX_NAMES);
            List<String> names = new ArrayList<>();
            for (int j = 0; j < tensors; j++) {
                names.add(in.text());
            }
            cuts.put(name, new Cut(names));
        }
        return new Anatomy(cuts, in.text(), in.text(), in.text(), in.text(), in.text());
    }
}
