package io.headwater.bench.adapt;

import io.headwater.dataset.DatasetException;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.SourceWeights;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.offline.adapt.AdaptMethod;
import io.headwater.offline.adapt.AdaptRun;
import io.headwater.offline.adapt.Domains;
import io.headwater.offline.adapt.Representation;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Three source domains for one target on the Amazon reviews: their rows weighted by {@link SourceWeights}, alike, and
 * each source alone. Arguments: the data folder, seeds, and perhaps the method ({@code msda+mmd}). Three sources have
 * three times the rows and steps of one. Prints a line for each target: mean over the seeds of the accuracy on its test
 * rows, and the weights.
 */
final class SourcesStudy {
    private final AmazonPairs reviews;
    private final int seeds;
    private final AdaptMethod method;

    private SourcesStudy(Path folder, int seeds, AdaptMethod method) {
        this.reviews = new AmazonPairs(folder);
        this.seeds = seeds;
        this.method = method;
    }

    public static void main(String[] args) throws DatasetException {
        SourcesStudy study = new SourcesStudy(
                Path.of(args[0], "amazon_reviews"),
                Integer.parseInt(args[1]),
                AdaptMethod.of(args.length > 2 ? args[2] : AdaptMethod.MSDA_MMD.spelled()));
        System.out.println("| target | weighted | alike | each source alone | weights |");
        for (String target : AmazonPairs.NAMES) {
            study.run(target);
        }
    }

    private void run(String target) throws DatasetException {
        List<String> sources =
                AmazonPairs.NAMES.stream().filter(name -> !name.equals(target)).toList();
        Domains all = reviews.read(sources, target);
        SourceWeights weights = all.weights(1);
        Representation rows = rows(all);
        double weighted = accuracy(rows, weights.weights(), weights.distance());
        double alike = accuracy(
                rows,
                List.of(),
                weights.distances().stream()
                        .mapToDouble(distance -> distance)
                        .average()
                        .orElse(0));
        List<String> alone = new ArrayList<>();
        List<String> shares = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Domains one = reviews.read(List.of(sources.get(i)), target);
            double accuracy = accuracy(rows(one), List.of(), one.weights(1).distance());
            alone.add(String.format(Locale.ROOT, "%s %.4f", sources.get(i), accuracy));
            shares.add(String.format(
                    Locale.ROOT,
                    "%s %.2f (distance %.2f)",
                    sources.get(i),
                    weights.weights().get(i),
                    weights.distances().get(i)));
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.4f | %.4f | %s | %s |%n",
                target,
                weighted,
                alike,
                String.join(", ", alone),
                String.join(", ", shares));
    }

    private Representation rows(Domains domains) {
        return method.hasAutoencoder()
                ? Representation.autoencoded(domains, Msda.Settings.USUAL, 1, () -> true)
                : Representation.plain(domains);
    }

    private double accuracy(Representation rows, List<Double> weights, double distance) {
        double[] found = new double[seeds];
        for (int seed = 1; seed <= seeds; seed++) {
            found[seed - 1] = new AdaptRun(rows, AdaptRun.Settings.USUAL, TorchDevice.CPU, seed, weights)
                    .run(method.term(), method.strength(distance), DomainTrainer.Watcher.NONE)
                    .accuracy();
        }
        return Arrays.stream(found).average().orElse(Double.NaN);
    }
}
