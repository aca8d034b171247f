package io.headwater.bench.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.Cdan;
import io.headwater.learn.adapt.Coral;
import io.headwater.learn.adapt.Dann;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.Mmd;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.TorchDevice;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a term costs a step: processor time of the training thread, by rows in a batch. A step with a term takes target
 * rows through the net beside the source rows, as many, but 64 at most. Arguments: columns (384), width of the hidden
 * layer (128), steps (50), rounds (9). In each round all variants take turns; printed are medians over the rounds, of the
 * ratio with its lowest and highest.
 */
final class TermCost {
    private static final int WARM_UP = 10;
    private static final int[] BATCHES = {32, 256, 1_024};

    private final int columns;
    private final int hidden;
    private final int steps;
    private final int rounds;

    private TermCost(String[] args) {
        this.columns = argument(args, 0, 384);
        this.hidden = argument(args, 1, 128);
        this.steps = argument(args, 2, 50);
        this.rounds = argument(args, 3, 9);
    }

    private static int argument(String[] args, int at, int otherwise) {
        return args.length > at ? Integer.parseInt(args[at]) : otherwise;
    }

    public static void main(String[] args) {
        System.out.println("| term | batch | ms a step | labelled rows/s | times the plain step | lowest to highest |");
        TermCost cost = new TermCost(args);
        for (int batch : BATCHES) {
            cost.print(batch);
        }
    }

    private void print(int batch) {
        Map<String, Optional<DomainTerm>> terms = new LinkedHashMap<>();
        terms.put("off", Optional.empty());
        terms.put("Deep CORAL", Optional.of(new Coral()));
        terms.put("MMD", Optional.of(new Mmd()));
        terms.put("DANN", Optional.of(new Dann()));
        terms.put("CDAN", Optional.of(new Cdan()));
        Map<String, double[]> millis = new LinkedHashMap<>();
        terms.keySet().forEach(name -> millis.put(name, new double[rounds]));
        for (int round = 0; round < rounds; round++) {
            int at = round;
            terms.forEach((name, term) -> millis.getOrDefault(name, new double[0])[at] = millis(batch, term));
        }
        double[] plain = millis.getOrDefault("off", new double[0]);
        millis.forEach((name, each) -> {
            double[] ratios = new double[rounds];
            Arrays.setAll(ratios, round -> each[round] / plain[round]);
            Arrays.sort(ratios);
            double typical = median(each);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %.3f | %,.0f | %.2f | %.2f to %.2f |%n",
                    name,
                    batch,
                    typical,
                    batch / typical * 1e3,
                    median(ratios),
                    ratios[0],
                    ratios[rounds - 1]);
        });
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private double millis(int batch, Optional<DomainTerm> term) {
        RowLayout layout = new RowLayout(List.of(RowTensor.floats(AdaptNet.ROWS, List.of(columns))), "cost");
        TrainingRows source = rows(layout, columns, batch, 1);
        TrainingRows target = rows(layout, columns, batch, 2);
        AdaptNet net = AdaptNet.mlp(columns, hidden, 2, columns, new SeededRandom(1));
        long[] begun = new long[1];
        double[] each = new double[1];
        new DomainTrainer(
                        net,
                        term,
                        0.1,
                        new DomainTrainer.Settings(1e-3, 1e-2, batch, WARM_UP + steps),
                        TorchDevice.CPU,
                        1)
                .train(source, IntStream.range(0, batch).toArray(), target, 2, (done, of, loss) -> {
                    long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    if (done == WARM_UP) {
                        begun[0] = now;
                    } else if (done == of) {
                        each[0] = (now - begun[0]) / 1e6 / steps;
                    }
                    return true;
                });
        return each[0];
    }

    private static TrainingRows rows(RowLayout layout, int columns, int count, long seed) {
        SeededRandom random = new SeededRandom(seed);
        FeatureBatch batch = new FeatureBatch(layout, count);
        int[] labels = new int[count];
        for (int row = 0; row < count; row++) {
            int at = batch.nextRow() * columns;
            for (int i = 0; i < columns; i++) {
                batch.floats(0).put(at + i, (float) random.nextGaussian());
            }
            labels[row] = random.nextInt(2);
        }
        return TrainingRows.of(batch, labels);
    }
}
