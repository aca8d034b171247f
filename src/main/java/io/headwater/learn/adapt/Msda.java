package io.headwater.learn.adapt;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.headwater.learn.Allowed;
import io.headwater.learn.SeededRandom;
import io.headwater.torch.Numbers;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A marginalized stacked denoising autoencoder for sparse rows: layers of features, each of which restores the one
 * before from what is left when a share of its values is struck out at random. Learned in closed form from rows of both
 * domains without labels, it brings words together that occur beside the same others.
 */
public final class Msda implements AutoCloseable {
    /*
     * Chen, Xu, Weinberger & Sha, Marginalized Denoising Autoencoders for Domain Adaptation (ICML 2012), equations 4 to
     * 8: with rows x extended by a constant that is never struck out, S = Σ x x', q = 1 - p for each value and 1 for the
     * constant,
     *
     *     Q = S ∘ q q', but S_ii q_i on the diagonal,   P = S ∘ 1 q',   W = P Q^-1,   h = tanh(W x)
     *
     * is the minimum of the squared error over all ways of striking out. Many columns as in their section on high
     * dimensions: only the most frequent ones are restored, from each block of a random partition of all columns by
     * itself, and the blocks' answers are averaged. From the second layer on the rows are as narrow as that, one block.
     *
     * Q is as good as diagonal: divided by S's diagonal its least eigenvalue is p at least, so floats are enough.
     */

    /**
     * What is learned.
     *
     * @param layers stacked
     * @param corruption p, the share that is struck out
     * @param restored columns at most that a layer restores, and its width
     * @param block columns at most from which they are restored
     */
    public record Settings(int layers, double corruption, int restored, int block) {
        /** Half struck out and five layers as in the paper's experiments with these reviews. */
        public static final Settings USUAL = new Settings(5, 0.5, 1_000, 1_000);

        public Settings {
            Allowed.within("layers of the autoencoder", layers, 1, 100);
            Allowed.above("corruption of the autoencoder", corruption, 0, 0.99);
            Allowed.within("restored columns", restored, 1, 10_000);
            Allowed.within("columns of a block", block, 1, 10_000);
        }
    }

    /** Writes a row's columns; what is not written is 0 already. */
    @FunctionalInterface
    public interface RowWriter {
        void write(int row, float[] to, int at);
    }

    /**
     * {@code y = tanh(x W + b)} of the layer before, the first one of the rows.
     *
     * @param weight {@code [inputs, outputs]}, row-major
     */
    public record Layer(float[] weight, float[] bias) {}

    /** @param weights {@code [columns + 1, restored]}, the constant's last */
    private record Block(long[] columns, NDArray weights) {}

    private static final float RIDGE = 1e-5f;
    private static final int ROWS_AT_ONCE = 500;

    private final int columns;
    private final int width;
    private final NDManager manager;
    private final List<List<Block>> layers = new ArrayList<>();

    private Msda(int columns, int width) {
        // Has PyTorch loaded in the torch room's way, before anything of it is asked for.
        TorchDevice.torchVersion();
        this.columns = columns;
        this.width = width;
        this.manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    /**
     * Learns from {@code rows} rows of {@code columns} numbers.
     *
     * @param goOn asked before each layer
     * @throws IllegalArgumentException if there are no rows
     */
    public static Msda learn(
            RowWriter source, int rows, int columns, Settings settings, SeededRandom random, BooleanSupplier goOn) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("an autoencoder of " + rows + " rows of " + columns + " columns");
        }
        Msda made = new Msda(columns, Math.min(settings.restored(), columns));
        try (NDManager scope = made.manager.newSubManager()) {
            NDArray x = dense(scope, source, 0, rows, columns);
            long[] restored = made.mostFrequent(x);
            int[] order = IntStream.range(0, columns).toArray();
            random.shuffle(order);
            for (int layer = 0; layer < settings.layers() && goOn.getAsBoolean(); layer++) {
                boolean first = layer == 0;
                int[] taken = first ? order : IntStream.range(0, made.width).toArray();
                NDArray wanted = first ? x.get(new NDIndex(":,{}", scope.create(restored))) : x;
                List<Block> blocks = new ArrayList<>();
                int block = first ? settings.block() : made.width;
                for (int from = 0; from < taken.length; from += block) {
                    long[] part = IntStream.range(from, Math.min(taken.length, from + block))
                            .mapToLong(i -> taken[i])
                            .toArray();
                    blocks.add(made.block(scope, x, wanted, part, settings.corruption()));
                }
                made.layers.add(blocks);
                x = made.layer(scope, x, blocks);
            }
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private static NDArray dense(NDManager scope, RowWriter source, int from, int rows, int columns) {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            source.write(from + row, values, row * columns);
        }
        return scope.create(values, new Shape(rows, columns));
    }

    /** The columns that are not 0 in most rows, in their order. */
    private long[] mostFrequent(NDArray x) {
        float[] counts =
                x.neq(0).toType(DataType.FLOAT32, false).sum(new int[] {0}).toFloatArray();
        return IntStream.range(0, columns)
                .boxed()
                .sorted((a, b) -> Float.compare(counts[b], counts[a]))
                .limit(width)
                .mapToLong(Integer::longValue)
                .sorted()
                .toArray();
    }

    private Block block(NDManager scope, NDArray x, NDArray wanted, long[] part, double corruption) {
        try (NDManager inner = scope.newSubManager()) {
            NDArray taken = withConstant(part(inner, x, part));
            NDArray s = taken.transpose().matMul(taken);
            float[] kept = new float[part.length + 1];
            Arrays.fill(kept, (float) (1 - corruption));
            kept[part.length] = 1;
            NDArray q = inner.create(kept, new Shape(kept.length, 1));
            NDArray scatter = s.mul(q).mul(q.transpose());
            // On the diagonal S_ii q_i: what the product has too little, S_ii q_i (1 - q_i), is added.
            NDArray diagonal = s.mul(inner.eye(kept.length)).sum(new int[] {1}, true);
            NDArray missing = Numbers.plus(diagonal.mul(q).mul(Numbers.plus(q.neg(), 1)), RIDGE);
            NDArray inverse = scatter.add(inner.eye(kept.length).mul(missing)).inverse();
            // (P Q^-1)' = Q^-1 P', and P' = q ∘ S'.
            NDArray weights = inverse.matMul(taken.transpose().matMul(wanted).mul(q));
            weights.attach(manager);
            return new Block(part, weights);
        }
    }

    private static NDArray part(NDManager scope, NDArray x, long[] columns) {
        boolean all = columns.length == x.getShape().get(1)
                && IntStream.range(0, columns.length).allMatch(i -> columns[i] == i);
        NDArray taken = all ? x.duplicate() : x.get(new NDIndex(":,{}", scope.create(columns)));
        taken.attach(scope);
        return taken;
    }

    private static NDArray withConstant(NDArray x) {
        NDArray ones = x.getManager().ones(new Shape(x.getShape().get(0), 1));
        return NDArrays.concat(new NDList(x, ones), 1);
    }

    private NDArray layer(NDManager scope, NDArray x, List<Block> blocks) {
        try (NDManager inner = scope.newSubManager()) {
            NDArray sum = inner.zeros(new Shape(x.getShape().get(0), width));
            for (Block block : blocks) {
                sum.addi(withConstant(part(inner, x, block.columns())).matMul(block.weights()));
            }
            NDArray made = Numbers.over(sum, blocks.size()).tanh();
            made.attach(scope);
            return made;
        }
    }

    /** Features of a row: a layer's width times the layers. */
    public int width() {
        return width * layers.size();
    }

    /** What was learned, with which {@link #features} can be had elsewhere. */
    public List<Layer> layers() {
        List<Layer> found = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            List<Block> blocks = layers.get(layer);
            float[] weight = new float[Math.multiplyExact(layer == 0 ? columns : width, width)];
            float[] bias = new float[width];
            for (Block block : blocks) {
                float[] values = Numbers.over(block.weights(), blocks.size()).toFloatArray();
                int inputs = block.columns().length;
                for (int i = 0; i < inputs; i++) {
                    System.arraycopy(values, i * width, weight, (int) block.columns()[i] * width, width);
                }
                for (int i = 0; i < width; i++) {
                    bias[i] += values[inputs * width + i];
                }
            }
            found.add(new Layer(weight, bias));
        }
        return found;
    }

    /** The features of each of {@code rows} rows, all layers side by side, row-major {@code [rows, width]}. */
    public float[] features(RowWriter source, int rows) {
        float[] features = new float[Math.multiplyExact(rows, width())];
        for (int from = 0; from < rows; from += ROWS_AT_ONCE) {
            int count = Math.min(ROWS_AT_ONCE, rows - from);
            try (NDManager scope = manager.newSubManager()) {
                NDArray x = dense(scope, source, from, count, columns);
                for (int layer = 0; layer < layers.size(); layer++) {
                    x = layer(scope, x, layers.get(layer));
                    float[] part = x.toFloatArray();
                    for (int row = 0; row < count; row++) {
                        int at = (from + row) * width() + layer * width;
                        System.arraycopy(part, row * width, features, at, width);
                    }
                }
            }
        }
        return features;
    }

    @Override
    public void close() {
        manager.close();
    }
}
