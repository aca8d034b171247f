package io.headwater.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.gradient.Objective;
import io.headwater.learn.gradient.TargetRows;
import io.headwater.learn.retain.Distillation;
import io.headwater.learn.retain.Ewc;
import io.headwater.learn.retain.FisherDiagonal;
import io.headwater.learn.retain.ReplayBuffer;
import io.headwater.torch.AdamW;
import io.headwater.torch.GradientScope;
import io.headwater.torch.HostTensor;
import io.headwater.torch.Numbers;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a net of one hidden layer still knows of earlier tasks, domain-incremental: all tasks share the head, and nothing
 * tells the net which one a row is of. Split-MNIST: five tasks of two digits each, is it the first or the second of them
 * (even or odd). Permuted-MNIST: five tasks of all ten digits, the pixels in another order in each. One pass over each
 * task. Arguments: data folder, {@code split} or {@code permuted}, seeds, training rows of a task.
 */
final class RetentionStudy implements AutoCloseable {
    private static final int PIXELS = 28 * 28;
    private static final int HIDDEN = 256;
    private static final int BATCH = 64;
    private static final int TASKS = 5;
    private static final int FISHER_ROWS = 200;
    private static final int REPLAYED = 500;
    private static final double EWC_STRENGTH = 1_000;
    private static final double DISTILLATION_STRENGTH = 1;
    private static final RowLayout LAYOUT =
            new RowLayout(List.of(RowTensor.floats(AdaptNet.ROWS, List.of(PIXELS))), "mnist");

    /** Rows of one task. */
    private record Task(float[][] pixels, int[] labels) {}

    private enum Method {
        NONE,
        EWC,
        LWF,
        REPLAY
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "mnist");
        boolean split = args[1].equals("split");
        int rows = Integer.parseInt(args[3]);
        SplitMnistDigits training = SplitMnistDigits.training(folder);
        SplitMnistDigits test = SplitMnistDigits.test(folder);
        Results results = new Results(args[1] + "-mnist", "average accuracy", "forgetting", "processor s");
        for (int seed = 1; seed <= Integer.parseInt(args[2]); seed++) {
            List<Task> learned = new ArrayList<>();
            List<Task> asked = new ArrayList<>();
            for (int task = 0; task < TASKS; task++) {
                learned.add(task(training, split, task, seed, rows));
                asked.add(task(test, split, task, seed, Integer.MAX_VALUE));
            }
            for (Method method : Method.values()) {
                long begun = CpuClock.nanos();
                try (RetentionStudy study = new RetentionStudy(method, split ? 2 : 10, seed)) {
                    double[] figures = study.run(learned, asked);
                    results.add(method.name(), figures[0], figures[1], (CpuClock.nanos() - begun) / 1e9);
                }
            }
        }
        results.print();
    }

    private static Task task(SplitMnistDigits digits, boolean split, int task, int seed, int most) {
        int[] order = IntStream.range(0, PIXELS).toArray();
        if (!split && task > 0) {
            new SeededRandom(100L * seed + task).shuffle(order);
        }
        int[] rows = IntStream.range(0, digits.labels().length)
                .filter(row -> !split || digits.labels()[row] / 2 == task)
                .limit(most)
                .toArray();
        float[][] pixels = new float[rows.length][PIXELS];
        int[] labels = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                pixels[i][pixel] = digits.pixels()[rows[i]][order[pixel]];
            }
            labels[i] = split ? digits.labels()[rows[i]] % 2 : digits.labels()[rows[i]];
        }
        return new Task(pixels, labels);
    }

    private final Method method;
    private final AdaptNet net;
    private final TorchGraph graph;
    private final AdamW adam;
    private final HostTensor staged = HostTensor.floats(2 * BATCH, PIXELS);
    private final TargetRows targets;
    private final Ewc ewc = new Ewc(EWC_STRENGTH, 1);
    private final ReplayBuffer replay = new ReplayBuffer(LAYOUT, REPLAYED);
    private final FeatureBatch row = new FeatureBatch(LAYOUT, 1);
    private final SeededRandom random;
    private @Nullable TorchGraph teacher;

    private RetentionStudy(Method method, int classes, int seed) {
        this.method = method;
        this.net = AdaptNet.mlp(PIXELS, HIDDEN, classes, 100, new SeededRandom(seed));
        this.graph = new TorchGraph(net.graph(), TorchDevice.CPU, net.weights());
        this.adam = new AdamW(graph, new AdamW.Settings(0.9f, 0.999f, 0, 5));
        this.targets = Objective.CROSS_ENTROPY.targets(2 * BATCH, classes);
        this.random = new SeededRandom(1_000 + seed);
    }

    /** Average accuracy after the last task, and how much of the best was lost on the tasks before it. */
    private double[] run(List<Task> learned, List<Task> asked) {
        double[] best = new double[TASKS];
        double[] last = new double[TASKS];
        for (int task = 0; task < TASKS; task++) {
            learn(learned.get(task));
            consolidate(learned.get(task));
            for (int i = 0; i <= task; i++) {
                last[i] = accuracy(asked.get(i));
                best[i] = Math.max(best[i], last[i]);
            }
        }
        double forgotten = 0;
        for (int i = 0; i < TASKS - 1; i++) {
            forgotten += (best[i] - last[i]) / (TASKS - 1);
        }
        return new double[] {Arrays.stream(last).average().orElse(0), forgotten};
    }

    private void learn(Task task) {
        int[] order = IntStream.range(0, task.labels().length).toArray();
        random.shuffle(order);
        for (int from = 0; from + BATCH <= order.length; from += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                put(i, task.pixels()[order[from + i]], task.labels()[order[from + i]]);
            }
            step(BATCH + replayed());
            for (int i = 0; i < BATCH && method == Method.REPLAY; i++) {
                row.clear();
                row.floats(0).put(row.nextRow() * PIXELS, task.pixels()[order[from + i]]);
                replay.add(row, 0, task.labels()[order[from + i]], 0, random);
            }
        }
    }

    private void put(int at, float[] pixels, int label) {
        staged.floats().put(at * PIXELS, pixels);
        targets.put(at, label, 1);
    }

    /** As many rows again from the buffer, once there are any. */
    private int replayed() {
        if (method != Method.REPLAY || replay.size() < BATCH) {
            return 0;
        }
        float[] pixels = new float[PIXELS];
        for (int i = 0; i < BATCH; i++) {
            int slot = random.nextInt(replay.size());
            row.clear();
            replay.copyTo(row, slot);
            row.floats(0).get(0, pixels);
            put(BATCH + i, pixels, (int) replay.label(slot));
        }
        return BATCH;
    }

    private void step(int rows) {
        float[] wanted = teacher == null ? new float[0] : logits(teacher, rows);
        GradientScope.recording(graph, scope -> {
            NDManager manager = scope.manager();
            NDArray logits = graph.run(scope, Map.of(AdaptNet.ROWS, staged.rows(manager, 0, rows)))
                    .get(net.score());
            NDArray loss = Objective.CROSS_ENTROPY.loss(logits, targets.tensor(manager, rows));
            if (method == Method.EWC && ewc.isAnchored()) {
                loss = loss.add(ewc.loss(graph.parameters()));
            }
            if (wanted.length > 0) {
                NDArray kept = manager.create(wanted, logits.getShape());
                loss = loss.add(Numbers.times(Distillation.USUAL.loss(logits, kept), (float) DISTILLATION_STRENGTH));
            }
            scope.backward(loss);
            return adam.step(1e-3f, Map.of());
        });
    }

    private float[] logits(TorchGraph of, int rows) {
        return GradientScope.plain(
                of,
                scope -> of.run(scope, Map.of(AdaptNet.ROWS, staged.rows(scope.manager(), 0, rows)))
                        .get(net.score())
                        .toFloatArray());
    }

    private Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        net.weights().forEach(name -> weights.put(name, graph.weights(name)));
        return weights;
    }

    private void consolidate(Task task) {
        if (method == Method.EWC) {
            ewc.consolidate(weights(), FisherDiagonal.of(graph, FISHER_ROWS, (scope, i) -> {
                put(0, task.pixels()[random.nextInt(task.labels().length)], 0);
                NDArray logits = graph.run(scope, Map.of(AdaptNet.ROWS, staged.rows(scope.manager(), 0, 1)))
                        .get(net.score());
                targets.put(0, drawn(logits.toFloatArray()), 1);
                return Objective.CROSS_ENTROPY.loss(logits, targets.tensor(scope.manager(), 1));
            }));
        } else if (method == Method.LWF) {
            if (teacher != null) {
                teacher.close();
            }
            teacher = new TorchGraph(net.with(weights()).graph(), TorchDevice.CPU, net.weights());
        }
    }

    /** A class by the net's own probabilities. */
    private int drawn(float[] logits) {
        double point = random.nextDouble();
        if (logits.length == 1) {
            return point < 1 / (1 + Math.exp(-logits[0])) ? 1 : 0;
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[0]);
        }
        for (int i = 0; i < logits.length; i++) {
            point -= Math.exp(logits[i] - logits[0]) / sum;
            if (point < 0) {
                return i;
            }
        }
        return logits.length - 1;
    }

    private double accuracy(Task task) {
        int right = 0;
        int rows = task.labels().length;
        for (int from = 0; from < rows; from += 2 * BATCH) {
            int count = Math.min(2 * BATCH, rows - from);
            for (int i = 0; i < count; i++) {
                staged.floats().put(i * PIXELS, task.pixels()[from + i]);
            }
            float[] logits = logits(graph, count);
            int outputs = logits.length / count;
            for (int i = 0; i < count; i++) {
                int best = 0;
                for (int k = 1; k < outputs; k++) {
                    best = logits[i * outputs + k] > logits[i * outputs + best] ? k : best;
                }
                int found = outputs == 1 ? (logits[i] > 0 ? 1 : 0) : best;
                right += found == task.labels()[from + i] ? 1 : 0;
            }
        }
        return right / (double) rows;
    }

    @Override
    public void close() {
        adam.close();
        graph.close();
        if (teacher != null) {
            teacher.close();
        }
    }
}
