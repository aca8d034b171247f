package io.headwater.bench;

import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import io.headwater.learn.exact.RidgeLearner;
import io.headwater.learn.exact.RidgeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Online Split-MNIST, class-incremental: the digits come two at a time, 0 and 1, then 2 and 3 and so on, each image
 * once; nothing tells the learner which two are on, and at the end it must tell all ten apart. Arguments: data folder,
 * random features (2000), seeds (3). No image is stored.
 *
 * <p>With a fourth argument {@code validation} it learns the first 50,000 training images and is judged on the other
 * 10,000: for choosing.
 */
final class SplitMnistStudy {
    private static final int PIXELS = 28 * 28;
    private static final int DIGITS = 10;
    private static final int VALIDATION = 10_000;

    private final SplitMnistDigits training;
    private final int trainingRows;
    private final SplitMnistDigits test;
    private final int testFrom;
    private final OnlineRow row = new OnlineRow(PIXELS, 0);

    private SplitMnistStudy(Path folder, boolean validation) throws IOException {
        this.training = SplitMnistDigits.training(folder);
        this.trainingRows = training.labels().length - (validation ? VALIDATION : 0);
        this.test = validation ? training : SplitMnistDigits.test(folder);
        this.testFrom = validation ? trainingRows : 0;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "mnist");
        int features = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        int seeds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        SplitMnistStudy study = new SplitMnistStudy(folder, args.length > 3);
        Results results = new Results(
                "Split-MNIST", "accuracy of all ten", "lowest of a digit", "rows/s of processor time", "megabytes");
        for (long seed = 1; seed <= seeds; seed++) {
            study.run(results, "digits two by two", features, seed, true);
        }
        study.run(results, "digits mixed", features, 1, false);
        results.print();
    }

    private void run(Results results, String name, int features, long seed, boolean split) {
        RidgeLearner learner =
                new RidgeLearner(Task.CLASSES, PIXELS, RidgeSettings.byDefault().projectedTo(features, seed));
        int[] order = new int[trainingRows];
        Arrays.setAll(order, i -> i);
        new SeededRandom(seed).shuffle(order);
        int[] classes = new int[DIGITS];
        Arrays.fill(classes, -1);
        float[] memo = new float[learner.memoLength()];
        int known = 0;
        long start = CpuClock.nanos();
        for (int task = 0; task < (split ? DIGITS / 2 : 1); task++) {
            for (int i : order) {
                int digit = training.labels()[i];
                if (split && digit / 2 != task) {
                    continue;
                }
                if (classes[digit] < 0) {
                    classes[digit] = known++;
                }
                System.arraycopy(training.pixels()[i], 0, row.numeric(), 0, PIXELS);
                learner.learn(row, memo, classes[digit], 1);
            }
            if (split) {
                report(learner, classes, task, seed);
            }
        }
        learner.solve();
        double seconds = (CpuClock.nanos() - start) / 1e9;
        double[] shares = accuracies(learner, classes, DIGITS);
        results.add(
                name,
                shares[DIGITS],
                Arrays.stream(shares).limit(DIGITS).min().orElseThrow(),
                trainingRows / seconds,
                learner.stateBytes() / 1e6);
    }

    private void report(RidgeLearner learner, int[] classes, int task, long seed) {
        int digits = 2 * (task + 1);
        System.out.printf(
                Locale.ROOT,
                "seed %d, after the digits to %d: accuracy among these %.4f%n",
                seed,
                digits - 1,
                accuracies(learner, classes, digits)[DIGITS]);
    }

    /** For each digit, and last for all, among the first {@code digits}. */
    private double[] accuracies(RidgeLearner learner, int[] classes, int digits) {
        double[] right = new double[DIGITS + 1];
        double[] rows = new double[DIGITS + 1];
        float[] outputs = new float[learner.outputs()];
        for (int i = testFrom; i < test.labels().length; i++) {
            int digit = test.labels()[i];
            if (digit >= digits) {
                continue;
            }
            System.arraycopy(test.pixels()[i], 0, row.numeric(), 0, PIXELS);
            learner.score(row, outputs);
            int best = 0;
            for (int j = 1; j < outputs.length; j++) {
                best = outputs[j] > outputs[best] ? j : best;
            }
            int hit = best == classes[digit] ? 1 : 0;
            right[digit] += hit;
            right[DIGITS] += hit;
            rows[digit]++;
            rows[DIGITS]++;
        }
        for (int i = 0; i < right.length; i++) {
            right[i] = rows[i] == 0 ? 1 : right[i] / rows[i];
        }
        return right;
    }
}
