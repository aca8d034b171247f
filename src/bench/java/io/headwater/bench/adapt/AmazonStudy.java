package io.headwater.bench.adapt;

import io.headwater.bench.adapt.AmazonPairs.Pair;
import io.headwater.dataset.DatasetException;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.offline.adapt.AdaptMethod;
import io.headwater.offline.adapt.AdaptRun;
import io.headwater.offline.adapt.Domains;
import io.headwater.offline.adapt.Representation;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Domain adaptation on the Amazon reviews, all twelve pairs. Arguments: the data folder, methods separated by commas,
 * seeds, and perhaps the first letters of the pairs, such as {@code BD,DE}. Everything is as {@code headwater adapt} has
 * it by default; a method's λ = 0 is the same net on the same representation from the same seed, and runs first. Prints
 * each run as it ends, then a table: mean accuracy on the target's test rows, on how many pairs the method is ahead of
 * its λ = 0, and Student's t of the pairs' mean differences.
 */
final class AmazonStudy {
    private final AmazonPairs reviews;
    private final List<AdaptMethod> methods;
    private final int seeds;
    /** {@code [method][pair]} means over the seeds. */
    private final List<List<Double>> means = new ArrayList<>();

    private AmazonStudy(Path folder, List<AdaptMethod> methods, int seeds) {
        this.reviews = new AmazonPairs(folder);
        this.methods = methods;
        this.seeds = seeds;
        methods.forEach(method -> means.add(new ArrayList<>()));
    }

    public static void main(String[] args) throws DatasetException {
        List<AdaptMethod> methods = new ArrayList<>();
        for (String name : args[1].split(",")) {
            AdaptMethod method = AdaptMethod.of(name);
            if (!methods.contains(method.unadapted())) {
                methods.add(method.unadapted());
            }
            if (!methods.contains(method)) {
                methods.add(method);
            }
        }
        AmazonStudy study = new AmazonStudy(Path.of(args[0], "amazon_reviews"), methods, Integer.parseInt(args[2]));
        List<String> wanted = args.length > 3 ? List.of(args[3].split(",")) : List.of();
        for (Pair pair : AmazonPairs.all()) {
            if (wanted.isEmpty() || wanted.contains(pair.letters())) {
                study.run(pair);
            }
        }
        study.print();
    }

    private void run(Pair pair) throws DatasetException {
        Domains domains = reviews.read(pair);
        Representation plain = Representation.plain(domains);
        boolean coded = methods.stream().anyMatch(AdaptMethod::hasAutoencoder);
        Representation autoencoded =
                coded ? Representation.autoencoded(domains, Msda.Settings.USUAL, 1, () -> true) : plain;
        double distance = ProxyDistance.between(domains.source(), domains.target(), 1);
        double[] sums = new double[methods.size()];
        for (int seed = 1; seed <= seeds; seed++) {
            for (int i = 0; i < methods.size(); i++) {
                AdaptMethod method = methods.get(i);
                Representation rows = method.hasAutoencoder() ? autoencoded : plain;
                AdaptRun.Outcome outcome = new AdaptRun(rows, AdaptRun.Settings.USUAL, TorchDevice.CPU, seed)
                        .run(method.term(), method.strength(distance), DomainTrainer.Watcher.NONE);
                sums[i] += outcome.accuracy() / seeds;
                System.out.printf(
                        Locale.ROOT,
                        "%s | %s | seed %d | %.4f | source %.4f | distance %.3f%n",
                        pair,
                        method.spelled(),
                        seed,
                        outcome.accuracy(),
                        outcome.sourceAccuracy(),
                        outcome.distance());
            }
        }
        for (int i = 0; i < sums.length; i++) {
            means.get(i).add(sums[i]);
        }
    }

    private void print() {
        System.out.println("| method | mean | ahead of λ = 0 | mean difference | t |");
        for (int i = 0; i < methods.size(); i++) {
            List<Double> ours = means.get(i);
            List<Double> other = means.get(methods.indexOf(methods.get(i).unadapted()));
            int pairs = ours.size();
            double mean = 0;
            double difference = 0;
            double squares = 0;
            int ahead = 0;
            for (int pair = 0; pair < pairs; pair++) {
                double gain = ours.get(pair) - other.get(pair);
                mean += ours.get(pair) / pairs;
                difference += gain / pairs;
                squares += gain * gain;
                ahead += gain > 0 ? 1 : 0;
            }
            double variance = (squares - pairs * difference * difference) / Math.max(1, pairs - 1);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.4f | %d of %d | %.4f | %.2f |%n",
                    methods.get(i).spelled(),
                    mean,
                    ahead,
                    pairs,
                    difference,
                    difference / Math.sqrt(variance / pairs));
        }
    }
}
