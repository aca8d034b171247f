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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a term costs a step: processor time of the training thread, by rows in a batch. A step with a term takes as many
 * target rows through the net as source rows, so that a term that cost nothing would still halve the labelled rows per
 * second; "rows" counts both. Arguments: columns (384), width of the hidden layer (128), steps (200).
 */
final class TermCost {
    private static final int WARM_UP = 20;
    private static final int[] BATCHES = {32, 256, 1_024};

    private TermCost() {}

    public static void main(String[] args) {
        int columns = args.length > 0 ? Integer.parseInt(args[0]) : 384;
        int hidden = args.length > 1 ? Integer.parseInt(args[1]) : 128;
        int steps = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        Map<String, Optional<DomainTerm>> terms = new LinkedHashMap<>();
        terms.put("off", Optional.empty());
        terms.put("Deep CORAL", Optional.of(new Coral()));
        terms.put("MMD", Optional.of(new Mmd()));
        terms.put("DANN", Optional.of(new Dann()));
        terms.put("CDAN", Optional.of(new Cdan()));
        System.out.println("| term | batch | ms a step | labelled rows/s | times the plain step |"
                + " times a plain step of as many rows |");
        for (int batch : BATCHES) {
            double plain = millis(columns, hidden, batch, steps, Optional.empty());
            double twice = millis(columns, hidden, 2 * batch, steps, Optional.empty());
            terms.forEach((name, term) -> {
                double each = term.isEmpty() ? plain : millis(columns, hidden, batch, steps, term);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %,d | %.3f | %,.0f | %.2f | %.2f |%n",
                        name,
                        batch,
                        each,
                        batch / each * 1e3,
                        each / plain,
                        term.isEmpty() ? 1.0 : each / twice);
            });
        }
    }

    private static double millis(int columns, int hidden, int batch, int steps, Optional<DomainTerm> term) {
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
