package io.headwater.offline;

import io.headwater.learn.gradient.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * What a {@link Fit} is asked for.
 *
 * @param out the folder to be made
 * @param overwrite whether it may take the place of an earlier one
 */
public record FitSettings(Data data, Model model, Training training, Path out, boolean overwrite) {
    /** Which rows say how good the weights are. */
    public sealed interface HoldOut {
        /** The recipe's share of each class, drawn by the seed. */
        record Stratified() implements HoldOut {}

        /** The recipe's share, the last ones by a column, which is no feature then; of the file where it is empty. */
        record ByTime(String column) implements HoldOut {}

        /** All rows of another file. */
        record Other(Path data) implements HoldOut {}
    }

    /**
     * What to learn from.
     *
     * @param file a table, or a folder of pictures with one subfolder for each class
     * @param format what the table's name would end with, where it does not say
     * @param label the column of the classes; empty for a folder, for svmlight, or to take the source's
     * @param text the column of texts that a language model reads
     * @param image the column of pictures' paths, relative to the file
     * @param ignored columns that are no features
     * @param categorical numeric columns that are categories all the same
     * @param positive the class of two that the score is for; empty for the greater one
     */
    public record Data(
            Path file,
            Optional<String> format,
            Optional<String> label,
            Optional<String> text,
            Optional<String> image,
            List<String> ignored,
            List<String> categorical,
            Optional<String> positive,
            HoldOut holdOut) {}

    /**
     * What to train.
     *
     * @param backbone a pre-trained model; without one, and without a source, a net for tables is made from scratch
     * @param tokenizer a language model's {@code tokenizer.json}; empty to look beside it
     * @param source a folder made by an earlier fit, to go on from
     * @param licences that a backbone may state, by SPDX identifier
     * @param cut how deep to train; empty for the head, all of a net for tables, or the source's
     * @param headOn the hidden tensor under the head; empty for the last one, or the source's
     * @param hidden widths of the head's hidden layers; empty for a linear head, or the source's
     * @param maxTokens the length of a text's row; empty for the default, or the source's
     */
    public record Model(
            Optional<Path> backbone,
            Optional<Path> tokenizer,
            Optional<Path> source,
            List<String> licences,
            Optional<String> cut,
            Optional<String> headOn,
            Optional<List<Integer>> hidden,
            OptionalInt maxTokens) {}

    /**
     * How to train.
     *
     * @param recipe changes the recipe that fits the model
     * @param weights what a row of each class counts
     * @param device as {@code TorchDevice.of} takes it
     */
    public record Training(UnaryOperator<Recipe> recipe, ClassWeights weights, long seed, String device) {}
}
