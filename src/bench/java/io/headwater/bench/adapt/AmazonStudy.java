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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Domain adaptation on the Amazon reviews, all twelve pairs. Arguments: the data folder; methods separated by commas, in
 * groups separated by slashes, each of which goes through all pairs and seeds before the next begins; seeds; and perhaps
 * the first letters of the pairs, such as {@code BD,DE}. Everything is as {@code headwater adapt} has it by default; a
 * method's λ = 0 is the same net on the same representation from the same seed, and runs before it. Prints each run as
 * it ends, and after each group the table.
 */
final class AmazonStudy {
    private final AmazonPairs reviews;
    private final List<Pair> pairs;
    private final int seeds;
    private final AmazonTable table;

    private AmazonStudy(Path folder, List<Pair> pairs, int seeds) {
        this.reviews = new AmazonPairs(folder);
        this.pairs = pairs;
        this.seeds = seeds;
        this.table = new AmazonTable(pairs, seeds);
    }

    public static void main(String[] args) throws DatasetException {
        List<String> wanted = args.length > 3 ? List.of(args[3].split(",")) : List.of();
        List<Pair> pairs = AmazonPairs.all().stream()
                .filter(pair -> wanted.isEmpty() || wanted.contains(pair.letters()))
                .toList();
        AmazonStudy study = new AmazonStudy(Path.of(args[0], "amazon_reviews"), pairs, Integer.parseInt(args[2]));
        for (String group : args[1].split("/")) {
            study.run(group);
        }
    }

    private void run(String group) throws DatasetException {
        Set<AdaptMethod> methods = new LinkedHashSet<>();
        for (String name : group.split(",")) {
            AdaptMethod method = AdaptMethod.of(name);
            if (!table.has(method.unadapted())) {
                methods.add(method.unadapted());
            }
            methods.add(method);
        }
        for (Pair pair : pairs) {
            run(pair, methods);
        }
        table.print();
    }

    private void run(Pair pair, Set<AdaptMethod> methods) throws DatasetException {
        Domains domains = reviews.read(pair);
        double distance = ProxyDistance.between(domains.source(), domains.target(), 1);
        boolean plain = methods.stream().anyMatch(method -> !method.hasAutoencoder());
        boolean coded = methods.stream().anyMatch(AdaptMethod::hasAutoencoder);
        if (plain) {
            run(
                    pair,
                    Representation.plain(domains),
                    distance,
                    methods.stream().filter(method -> !method.hasAutoencoder()).toList());
        }
        if (coded) {
            run(
                    pair,
                    Representation.autoencoded(domains, Msda.Settings.USUAL, 1, () -> true),
                    distance,
                    methods.stream().filter(AdaptMethod::hasAutoencoder).toList());
        }
    }

    private void run(Pair pair, Representation rows, double distance, List<AdaptMethod> methods) {
        for (int seed = 1; seed <= seeds; seed++) {
            for (AdaptMethod method : methods) {
                AdaptRun.Outcome outcome = new AdaptRun(rows, AdaptRun.Settings.USUAL, TorchDevice.CPU, seed)
                        .run(method.term(), method.strength(distance), DomainTrainer.Watcher.NONE);
                table.add(method, pair, seed, outcome);
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
    }
}
