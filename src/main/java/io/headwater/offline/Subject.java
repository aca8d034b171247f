package io.headwater.offline;

import io.headwater.feature.RowLayout;
import io.headwater.graph.Backbone;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.augment.Augmentation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a fit trains, and how its rows come about. */
interface Subject {
    /**
     * Settings that have found their value.
     *
     * @param cut in the user's words
     * @param hidden widths of the head's hidden layers
     * @param maxTokens the length of a text's row, 0 where there is no text
     * @param buckets of categories, 0 where there are none
     */
    record Shape(String cut, List<Integer> hidden, int maxTokens, int buckets) {}

    Shape shape();

    /** The recipe that fits it, before the user changes it. */
    Recipe recipe();

    /**
     * The model, cut in two.
     *
     * @param training rows that may be looked at
     */
    Backbone backbone(Examples examples, int[] training);

    /**
     * Makes the rows that the model reads; once, after {@link #backbone}.
     *
     * @throws IllegalArgumentException if rows of this kind have no such augmentation
     */
    VariedEncoder encoder(Backbone backbone, Augmentation augmentation, SeededRandom random);

    /** Whether training goes on with the head of an earlier fit. */
    boolean keepsHead();

    /** Files that belong beside the model, by name. */
    Map<String, byte[]> files();

    /** Under which licence the backbone is, if it says. */
    Optional<String> licence();

    /** What a live service starts from; a model of one output only. */
    SourceModel source(Backbone backbone, Trained trained, FitRows rows, int[] training);

    /** Rows that are kept as an example of the source domain, drawn by the seed and bounded in memory. */
    static int[] sample(int[] training, RowLayout layout, long seed) {
        int[] order = training.clone();
        new SeededRandom(seed).shuffle(order);
        int[] sample = Arrays.copyOf(order, Math.min(order.length, layout.rowsIn(32L << 20, 2, 512)));
        Arrays.sort(sample);
        return sample;
    }

    /** The classes of {@code rows} of two, as a source model has them. */
    static float[] labels(int[] rows, Examples examples) {
        float[] labels = new float[rows.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = examples.label(rows[i]);
        }
        return labels;
    }
}
