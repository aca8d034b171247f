package io.headwater.offline;

import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import java.nio.file.Path;
import java.util.List;

/**
 * What a fit made.
 *
 * @param model the whole model in one file
 * @param sha256 of that file
 * @param classes in the order of the outputs; of two, the second is the one that the score is for
 * @param trainingRows rows that were trained on
 * @param cut where the model was cut
 * @param keptHead whether training went on with the head of an earlier fit
 * @param trainedWeights numbers that training could change
 * @param device that it ran on
 */
public record Fitted(
        Path model,
        String sha256,
        FitKind kind,
        List<String> classes,
        int trainingRows,
        Trained trained,
        Recipe recipe,
        String cut,
        boolean keptHead,
        long trainedWeights,
        String device) {
    public Fitted {
        classes = List.copyOf(classes);
    }

    /** All rows, held-out ones too. */
    public int rows() {
        return trainingRows + trained.validation().rows();
    }
}
