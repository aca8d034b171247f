package io.headwater.bench;

import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.Validation;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where fine-tuning a language model pays against counting words. Arguments: the data folder, {@code sms} or {@code
 * mail}, tokens of a row, first and last seed.
 *
 * <p>SMS Spam Collection, each text once: seeds 1 to 5, each a split of its own, 20 % of every class for the test, of the
 * rest the recipe's validation share held out. SpamAssassin: by date, test on the last 40 %, the last rows before them
 * held out; seeds 1 to 5 are those of training.
 *
 * <p>MiniLM with a new linear head: {@link Recipe#NEW_HEAD} at the cut {@code head}, {@link Recipe#FINE_TUNING} at {@code
 * last:1}, both as they are. The words' penalty is chosen on the held-out rows. Nothing is chosen by test rows. Seconds
 * are processor seconds, of one thread, the compiler and the garbage collector included.
 */
final class TextStudy {
    private TextStudy() {}

    public static void main(String[] args) throws Exception {
        Path data = Path.of(args[0]);
        boolean mail = args[1].equals("mail");
        LabeledTexts all = mail ? LabeledTexts.mail(data) : LabeledTexts.sms(data);
        int tokens = Integer.parseInt(args[2]);
        int[] seeds = IntStream.rangeClosed(Integer.parseInt(args[3]), Integer.parseInt(args[4]))
                .toArray();
        Results results = new Results(
                args[1] + ", " + tokens + " tokens",
                "accuracy",
                "ROC AUC",
                "average precision",
                "prefix s",
                "training s",
                "epochs");
        OnnxGraph graph = MiniLm.pretrained();
        for (int seed : seeds) {
            Split split = split(mail, all, seed);
            double share = all.share(split.test());
            if (seed == seeds[0]) {
                System.out.printf(
                        "%d texts, %d to learn, %d held out, %d test; spam %.3f, %.3f, %.3f%n",
                        all.texts().size(),
                        split.training().length,
                        split.heldOut().length,
                        split.test().length,
                        all.share(split.training()),
                        all.share(split.heldOut()),
                        share);
            }
            results.add("majority class", Math.max(share, 1 - share), 0.5, share, 0, 0, 0);
            WordModel words = WordModel.run(all.texts(), all.labels(), split);
            add(results, "TF-IDF + logistic regression", words.test(), words.seconds(), words.trainingSeconds(), 0);
        }
        transfer(results, "MiniLM, head", "head", Recipe.NEW_HEAD, graph, all, tokens, seeds, mail);
        transfer(results, "MiniLM, last:1", "last:1", Recipe.FINE_TUNING, graph, all, tokens, seeds, mail);
        results.print();
    }

    private static Split split(boolean byTime, LabeledTexts all, int seed) {
        double heldOut = Recipe.FINE_TUNING.validationShare();
        return byTime
                ? Split.byTime(all.texts().size(), 0.4, heldOut)
                : Split.stratified(all.labels(), 0.2, heldOut, seed);
    }

    private static void transfer(
            Results results,
            String name,
            String cut,
            Recipe recipe,
            OnnxGraph graph,
            LabeledTexts all,
            int tokens,
            int[] seeds,
            boolean byTime)
            throws Exception {
        Features features = Features.of(
                Backbone.of(graph, cut, 1, List.of(), 1), MiniLm.inputs(graph, tokens), MiniLm.events(all.texts()));
        for (int seed : seeds) {
            Transfer done = Transfer.run(
                    Backbone.of(graph, cut, 1, List.of(), seed),
                    recipe,
                    features.rows(),
                    all.labels(),
                    2,
                    split(byTime, all, seed),
                    seed);
            add(results, name, done.test(), features.seconds(), done.seconds(), done.epochs());
        }
    }

    private static void add(Results results, String row, Validation test, double prefix, double training, int epochs) {
        results.add(row, test.accuracy(), test.rocAuc(), test.averagePrecision(), prefix, training, epochs);
    }
}
