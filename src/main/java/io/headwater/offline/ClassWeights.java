package io.headwater.offline;

import io.headwater.learn.gradient.Objective;
import io.headwater.spelling.NearNames;
import java.util.List;
import java.util.Map;

/** What a training row of each class counts. */
public sealed interface ClassWeights {
    /**
     * The weights, class 0 first; empty where all count alike.
     *
     * @param rows training rows of each class
     * @throws IllegalArgumentException if a named class is none of {@code classes}
     */
    List<Double> of(List<String> classes, long[] rows);

    /** All the same. */
    record Equal() implements ClassWeights {
        @Override
        public List<Double> of(List<String> classes, long[] rows) {
            return List.of();
        }
    }

    /** Each class has the same sum. */
    record Balanced() implements ClassWeights {
        @Override
        public List<Double> of(List<String> classes, long[] rows) {
            return Objective.balanced(rows);
        }
    }

    /** As given; a class that is not named counts 1. */
    record Named(Map<String, Double> weights) implements ClassWeights {
        public Named {
            weights = Map.copyOf(weights);
        }

        @Override
        public List<Double> of(List<String> classes, long[] rows) {
            for (String name : weights.keySet()) {
                if (!classes.contains(name)) {
                    throw new IllegalArgumentException("a class weight names the class '" + name
                            + "'; the nearest of " + classes.size() + " classes are "
                            + String.join(", ", NearNames.of(name, classes, 5)));
                }
            }
            return classes.stream().map(name -> weights.getOrDefault(name, 1.0)).toList();
        }
    }
}
