package io.headwater.bench.adapt;

import io.headwater.bench.adapt.AmazonPairs.Pair;
import io.headwater.dataset.DatasetException;
import io.headwater.offline.adapt.AdaptMethod;
import io.headwater.offline.adapt.AdaptReport;
import io.headwater.offline.adapt.AdaptRun;
import io.headwater.offline.adapt.AdaptSettings;
import io.headwater.offline.adapt.AdaptWatcher;
import io.headwater.offline.adapt.Adaptation;
import io.headwater.torch.TorchDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * The adaptations that are solved and not trained, on the Amazon reviews, all twelve pairs, with the 400 most frequent
 * words as the recolouring's paper has them: {@code recolour} against {@code exact}; and {@code --prior-shift} where
 * the target's rows were thinned so that 20 % or 80 % of them praise, in the source half. Arguments: the data folder, and
 * seeds of the thinning. Everything else is as {@code headwater adapt} has it by default.
 */
final class ClosedFormStudy {
    private static final int WORDS = 400;

    private final Path reviews;
    private final Path work;
    private final int seeds;

    private ClosedFormStudy(Path reviews, Path work, int seeds) {
        this.reviews = reviews;
        this.work = work;
        this.seeds = seeds;
    }

    public static void main(String[] args) throws IOException, DatasetException {
        Path work = Files.createTempDirectory("closed-form");
        ClosedFormStudy study =
                new ClosedFormStudy(Path.of(args[0], "amazon_reviews"), work, Integer.parseInt(args[1]));
        study.recolouring();
        for (AdaptMethod method : List.of(AdaptMethod.NONE, AdaptMethod.RECOLOUR)) {
            for (double share : new double[] {0.2, 0.8}) {
                study.shares(method, share);
            }
        }
    }

    private void recolouring() throws IOException, DatasetException {
        System.out.println("| pair | exact | recolour |");
        double[] sums = new double[2];
        int ahead = 0;
        for (Pair pair : AmazonPairs.all()) {
            AdaptReport report = adapt(pair, AdaptMethod.RECOLOUR, false, -1, 1);
            double exact = report.unadapted().accuracy();
            double recoloured = report.adapted().accuracy();
            System.out.printf(Locale.ROOT, "| %s | %.4f | %.4f |%n", pair, exact, recoloured);
            sums[0] += exact / 12;
            sums[1] += recoloured / 12;
            ahead += recoloured > exact ? 1 : 0;
        }
        System.out.printf(Locale.ROOT, "| mean | %.4f | %.4f, ahead on %d of 12 |%n", sums[0], sums[1], ahead);
    }

    private void shares(AdaptMethod method, double share) throws IOException, DatasetException {
        double before = 0;
        double after = 0;
        double error = 0;
        int ahead = 0;
        int runs = 12 * seeds;
        for (Pair pair : AmazonPairs.all()) {
            for (int seed = 1; seed <= seeds; seed++) {
                AdaptReport report = adapt(pair, method, true, share, seed);
                AdaptReport.Shares found = report.shares().orElseThrow();
                before += found.uncorrected() / runs;
                after += report.adapted().accuracy() / runs;
                error += Math.abs(found.found().get(1) - share) / runs;
                ahead += report.adapted().accuracy() > found.uncorrected() ? 1 : 0;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s, %.0f %% praise | %.4f before | %.4f corrected, ahead in %d of %d | share off by %.3f |%n",
                method.spelled(),
                100 * share,
                before,
                after,
                ahead,
                runs,
                error);
    }

    private AdaptReport adapt(Pair pair, AdaptMethod method, boolean priorShift, double share, long seed)
            throws IOException, DatasetException {
        Path source = file(pair.source() + "_train", -1, 0);
        Path target = file(pair.target() + "_train", share, seed);
        Path test = file(pair.target() + "_test", share, seed);
        AdaptSettings settings = new AdaptSettings(
                List.of(source),
                target,
                test,
                Optional.empty(),
                method,
                OptionalDouble.empty(),
                AdaptRun.Settings.USUAL,
                priorShift,
                seed,
                Optional.empty());
        return new Adaptation(settings, AdaptWatcher.NONE, TorchDevice.CPU).run();
    }

    /** The reviews with fewer words, and thinned to a share of praise unless that is negative. */
    private Path file(String name, double share, long seed) throws IOException {
        List<String> praise = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String line : Files.readAllLines(reviews.resolve(name + ".svmlight"))) {
            (line.startsWith("1") ? praise : others).add(frequent(line));
        }
        if (share >= 0) {
            Random random = new Random(seed);
            thin(praise, share / (1 - share) * others.size(), random);
            thin(others, (1 - share) / share * praise.size(), random);
        }
        praise.addAll(others);
        Path made = work.resolve(name + "-" + share + "-" + seed + ".svmlight");
        Files.write(made, praise);
        return made;
    }

    private static void thin(List<String> lines, double most, Random random) {
        if (lines.size() > most) {
            Collections.shuffle(lines, random);
            lines.subList((int) Math.round(most), lines.size()).clear();
        }
    }

    private static String frequent(String line) {
        StringBuilder kept = new StringBuilder();
        for (String word : line.split(" ")) {
            int colon = word.indexOf(':');
            if (colon < 0 || Integer.parseInt(word.substring(0, colon)) < WORDS) {
                kept.append(kept.isEmpty() ? "" : " ").append(word);
            }
        }
        return kept.toString();
    }
}
