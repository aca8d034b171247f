package io.headwater.bench;

import io.headwater.event.Event;
import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.Validation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What pre-training is worth, by the number of labels: MiniLM against the same net with random weights, and against
 * words counted. Arguments: the data folder, tokens of a row, first and last seed.
 *
 * <p>SMS Spam Collection, each text once. Seeds 1 to 5 choose the test rows (20 % of every class), the 50, 200 and 1,000
 * labels among the others, each number containing the smaller, the random weights, and the training's order. The
 * recipe's validation share of the labels is held out, so that 40, 160 and 800 are learned. {@link Recipe#NEW_HEAD} at
 * the cut {@code head}, {@link Recipe#FINE_TUNING} at {@code last:1}, both as they are.
 */
final class LearningCurves {
    private static final List<Integer> COUNTS = List.of(50, 200, 1_000);

    private final LabeledTexts all;
    private final List<Event> events;
    private final int tokens;
    private final Map<Integer, Results> results = new TreeMap<>();

    private LearningCurves(LabeledTexts all, int tokens) {
        this.all = all;
        this.events = MiniLm.events(all.texts());
        this.tokens = tokens;
        COUNTS.forEach(count -> results.put(
                count,
                new Results(
                        "sms, " + count + " labels, " + tokens + " tokens",
                        "accuracy",
                        "ROC AUC",
                        "average precision",
                        "training s",
                        "epochs")));
    }

    public static void main(String[] args) throws Exception {
        LearningCurves curves = new LearningCurves(LabeledTexts.sms(Path.of(args[0])), Integer.parseInt(args[1]));
        OnnxGraph pretrained = MiniLm.pretrained();
        for (int seed = Integer.parseInt(args[2]); seed <= Integer.parseInt(args[3]); seed++) {
            Map<Integer, Split> splits = curves.splits(seed);
            curves.words(splits);
            OnnxGraph random = MiniLm.random(seed);
            curves.transfer("pre-trained, head", pretrained, "head", Recipe.NEW_HEAD, splits, seed);
            curves.transfer("pre-trained, last:1", pretrained, "last:1", Recipe.FINE_TUNING, splits, seed);
            curves.transfer("random weights, head", random, "head", Recipe.NEW_HEAD, splits, seed);
            curves.transfer("random weights, last:1", random, "last:1", Recipe.FINE_TUNING, splits, seed);
        }
        curves.results.values().forEach(Results::print);
    }

    private Map<Integer, Split> splits(int seed) {
        double heldOut = Recipe.FINE_TUNING.validationShare();
        Split whole = Split.stratified(all.labels(), 0.2, heldOut, seed);
        Map<Integer, Split> splits = new TreeMap<>();
        COUNTS.forEach(count -> splits.put(count, whole.fewer(all.labels(), count, heldOut, seed)));
        return splits;
    }

    private void words(Map<Integer, Split> splits) {
        splits.forEach((count, split) -> {
            WordModel words = WordModel.run(all.texts(), all.labels(), split);
            add(count, "TF-IDF + logistic regression", words.test(), words.trainingSeconds(), 0);
        });
    }

    private void transfer(String name, OnnxGraph graph, String cut, Recipe recipe, Map<Integer, Split> splits, int seed)
            throws Exception {
        Backbone backbone = Backbone.of(graph, cut, 1, List.of(), seed);
        int[] used = splits.values().stream()
                .flatMapToInt(split -> IntStream.concat(
                        Arrays.stream(split.test()),
                        IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.heldOut()))))
                .distinct()
                .toArray();
        Features features = Features.of(backbone, MiniLm.inputs(graph, tokens), events, used);
        splits.forEach((count, split) -> {
            Transfer done = Transfer.run(backbone, recipe, features.rows(), all.labels(), 2, split, seed);
            add(count, name, done.test(), done.seconds(), done.epochs());
        });
    }

    private void add(int count, String row, Validation test, double seconds, int epochs) {
        Objects.requireNonNull(results.get(count))
                .add(row, test.accuracy(), test.rocAuc(), test.averagePrecision(), seconds, epochs);
    }
}
