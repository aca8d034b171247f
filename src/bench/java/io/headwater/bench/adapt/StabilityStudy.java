package io.headwater.bench.adapt;

import io.headwater.bench.adapt.AmazonPairs.Pair;
import io.headwater.dataset.DatasetException;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.learn.adapt.training.NetOutputs;
import io.headwater.offline.adapt.AdaptMethod;
import io.headwater.offline.adapt.AdaptRun;
import io.headwater.offline.adapt.Representation;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether a training holds over seeds, by held-out source rows alone: no label of a target is read. Arguments: the data
 * folder; first letters of pairs separated by commas; seeds; then settings, each {@code rate/warm-up epochs/clip
 * norm/weight decay/batch/epochs}. On the autoencoder's rows, with λ = 0 and with the default's term.
 */
final class StabilityStudy {
    private static final double COLLAPSED = 0.6;

    private StabilityStudy() {}

    public static void main(String[] args) throws DatasetException {
        List<String> wanted = List.of(args[1].split(","));
        int seeds = Integer.parseInt(args[2]);
        for (Pair pair : AmazonPairs.all()) {
            if (!wanted.contains(pair.letters())) {
                continue;
            }
            Representation rows = Representation.autoencoded(
                    new AmazonPairs(Path.of(args[0], "amazon_reviews")).read(pair), Msda.Settings.USUAL, 1, () -> true);
            double distance = ProxyDistance.between(
                    rows.domains().source(), rows.domains().target(), 1);
            for (int i = 3; i < args.length; i++) {
                for (AdaptMethod method : List.of(AdaptMethod.MSDA, AdaptMethod.MSDA_MMD)) {
                    double[] found = new double[seeds];
                    for (int seed = 1; seed <= seeds; seed++) {
                        found[seed - 1] =
                                heldOut(rows, settings(args[i]), method.term(), method.strength(distance), seed);
                    }
                    print(pair, args[i], method, found);
                }
            }
        }
    }

    private static DomainTrainer.Settings settings(String words) {
        double[] numbers =
                Arrays.stream(words.split("/")).mapToDouble(Double::parseDouble).toArray();
        return new DomainTrainer.Settings(
                numbers[0], numbers[1], numbers[3], numbers[2], (int) numbers[4], (int) numbers[5]);
    }

    /** Accuracy on the source rows that an {@link AdaptRun} of that seed would hold out. */
    private static double heldOut(
            Representation rows,
            DomainTrainer.Settings settings,
            Optional<DomainTerm> term,
            double strength,
            long seed) {
        int[] order = IntStream.range(0, rows.source().size()).toArray();
        new SeededRandom(seed).shuffle(order);
        int[] held = Arrays.copyOf(order, (int) (AdaptRun.HELD_OUT * order.length));
        int[] training = Arrays.copyOfRange(order, held.length, order.length);
        AdaptNet fresh = AdaptNet.mlp(
                rows.columns(), AdaptRun.Settings.USUAL.hidden(), 2, rows.squaredNorm(), new SeededRandom(seed + 1));
        AdaptNet net = new DomainTrainer(fresh, term, strength, settings, TorchDevice.CPU, seed + 2)
                .train(rows.source(), training, rows.target(), 2, DomainTrainer.Watcher.NONE);
        try (NetOutputs outputs = new NetOutputs(net, rows.source().layout(), TorchDevice.CPU)) {
            int[] classes = outputs.classes(rows.source(), held);
            return IntStream.range(0, held.length)
                            .filter(i -> classes[i] == rows.source().label(held[i]))
                            .count()
                    / (double) held.length;
        }
    }

    private static void print(Pair pair, String settings, AdaptMethod method, double[] found) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | mean %.4f | least %.4f | collapsed %d of %d |%n",
                pair,
                settings,
                method.spelled(),
                Arrays.stream(found).average().orElse(0),
                Arrays.stream(found).min().orElse(0),
                Arrays.stream(found).filter(accuracy -> accuracy < COLLAPSED).count(),
                found.length);
    }
}
