package io.headwater.learn.online;

import static io.headwater.learn.online.NetShape.HIDDEN_0;
import static io.headwater.learn.online.NetShape.HIDDEN_1;

import io.headwater.event.OwnerKeys;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import java.util.Arrays;

/**
 * A small net on the row's own columns, scaled, and on an embedding of each category: two hidden layers, trained by a
 * step for each {@value #STEP_ROWS} learned rows. It finds what lies slantwise to the columns, where ferns need many
 * cells. Two members: its weights as they stand, and their running mean, which is better where nothing changes.
 */
final class NetMember {
    /*
     * 1. Glorot, Bordes & Bengio, Deep sparse rectifier neural networks (AISTATS 2011); weights begin as in He et al.,
     *    Delving deep into rectifiers (ICCV 2015), those of the last layer at 0, so that a new net says nothing.
     * 2. Kingma & Ba, Adam (ICLR 2015), for all that every row touches.
     * 3. Duchi, Hazan & Singer, Adaptive subgradient methods (JMLR 2011), for the embeddings, of which a row touches few.
     * 4. Polyak & Juditsky, Acceleration of stochastic approximation by averaging (SIAM J. Control Optim. 30, 1992), here
     *    over the last thousand steps or so: on generated card payments the mean's average precision is .012 higher.
     */
    static final int MEMBERS = 2;
    static final int EMBEDDING = 4;

    private static final int STEP_ROWS = 8 * NetGradient.BLOCK;
    private static final float STEP = 0.002f;
    private static final float MEAN_DECAY = 0.9f;
    private static final float SQUARE_DECAY = 0.999f;
    private static final float FLOOR = 1e-8f;
    private static final float MAX_SLOPE = 1_000;

    /** Of a step in the running mean; early steps count more, so that the first weights are soon forgotten. */
    private static final float AVERAGE_STEP = 0.001f;

    private static final float EARLY_STEPS = 8;
    private static final float EMBEDDING_STEP = 0.02f;
    private static final float EMBEDDING_DEVIATION = 0.1f;

    /** The first of those that are scaled; recent means would be noise to a net wherever they say nothing. */
    private final int columns;

    private final int categories;
    private NetShape shape;
    private float[] weights;
    private float[] averages;
    private float[] means;
    private float[] squares;
    private final NetGradient gradient;

    /** The decays to the power of the steps taken, near 0 after many. */
    private float meanPower = 1;

    private float squarePower = 1;
    private float averageStep = 1;
    private final float[] embeddings;
    private final float[] embeddingSquares;

    private final float[] input;
    private final float[] hidden0 = new float[HIDDEN_0];
    private final float[] hidden1 = new float[HIDDEN_1];
    private final float[] average0 = new float[HIDDEN_0];
    private final float[] average1 = new float[HIDDEN_1];

    /**
     * @param columns that are scaled
     * @param categories of a row
     * @param buckets that categories are hashed to, 0 where there are none
     */
    NetMember(int columns, int categories, int buckets, int outputs, long seed) {
        this.columns = columns;
        this.categories = buckets > 0 ? categories : 0;
        this.shape = new NetShape(columns + EMBEDDING * this.categories, outputs);
        this.weights = new float[shape.size()];
        this.means = new float[shape.size()];
        this.squares = new float[shape.size()];
        this.gradient = new NetGradient(shape);
        this.input = new float[shape.inputs()];
        this.embeddings = new float[Math.multiplyExact(buckets, EMBEDDING)];
        this.embeddingSquares = new float[embeddings.length];
        SeededRandom random = new SeededRandom(seed);
        draw(weights, 0, shape.bias0(), Math.sqrt(2.0 / Math.max(1, shape.inputs())), random);
        draw(weights, shape.weights1(), shape.bias1(), Math.sqrt(2.0 / HIDDEN_0), random);
        draw(embeddings, 0, embeddings.length, EMBEDDING_DEVIATION, random);
        this.averages = weights.clone();
        gradient.weights(weights);
    }

    private static void draw(float[] to, int from, int until, double deviation, SeededRandom random) {
        for (int i = from; i < until; i++) {
            to[i] = (float) (deviation * random.nextGaussian());
        }
    }

    /** Writes the logits of a row by the weights as they stand, {@code [outputs]}; the calls that follow are about it. */
    void logits(float[] scaled, int[] categorical, float[] to, int at) {
        System.arraycopy(scaled, 0, input, 0, columns);
        for (int i = 0, into = columns; i < categories; i++, into += EMBEDDING) {
            System.arraycopy(embeddings, categorical[i] * EMBEDDING, input, into, EMBEDDING);
        }
        forward(weights, hidden0, hidden1, to, at);
    }

    /** Writes the logits of the row that was last asked by the mean of the weights, {@code [outputs]}. */
    void averageLogits(float[] to, int at) {
        forward(averages, average0, average1, to, at);
    }

    private void forward(float[] weights, float[] hidden0, float[] hidden1, float[] to, int at) {
        int outputs = shape.outputs();
        layer(weights, input, 0, shape.bias0(), hidden0);
        layer(weights, hidden0, shape.weights1(), shape.bias1(), hidden1);
        System.arraycopy(weights, shape.bias2(), to, at, outputs);
        if (outputs == 1) {
            float sum = to[at];
            for (int i = 0, from = shape.weights2(); i < HIDDEN_1; i++) {
                sum += hidden1[i] * weights[from + i];
            }
            to[at] = sum;
            return;
        }
        for (int i = 0, from = shape.weights2(); i < HIDDEN_1; i++, from += outputs) {
            for (int k = 0; k < outputs; k++) {
                to[at + k] += hidden1[i] * weights[from + k];
            }
        }
    }

    private static void layer(float[] weights, float[] from, int weight, int bias, float[] to) {
        int units = to.length;
        System.arraycopy(weights, bias, to, 0, units);
        int i = 0;
        int at = weight;
        for (; i + 3 < from.length; i += 4, at += 4 * units) {
            NetShape.addFour(from[i], from[i + 1], from[i + 2], from[i + 3], weights, at, units, to, 0);
        }
        for (; i < from.length; i++, at += units) {
            float value = from[i];
            for (int j = 0; j < units; j++) {
                to[j] += value * weights[at + j];
            }
        }
        for (int j = 0; j < units; j++) {
            to[j] = Math.max(0, to[j]);
        }
    }

    /**
     * Learns the row that was last asked.
     *
     * @param errors derivatives of the loss by the outputs, from {@code at} on
     * @param key whose row it is
     */
    void learn(int[] categorical, float[] errors, int at, long key) {
        float[] slope = gradient.add(input, hidden0, hidden1, weights, errors, at, key);
        for (int i = 0; i < categories; i++) {
            learnEmbedding(categorical[i] * EMBEDDING, (columns + i * EMBEDDING) * HIDDEN_0, slope);
        }
        if (gradient.rows() == STEP_ROWS) {
            step();
        }
    }

    private void learnEmbedding(int embedding, int weight, float[] slopes) {
        for (int i = 0, at = embedding, from = weight; i < EMBEDDING; i++, at++, from += HIDDEN_0) {
            float slope = 0;
            for (int j = 0; j < HIDDEN_0; j++) {
                slope += weights[from + j] * slopes[j];
            }
            float sum = Math.min(Float.MAX_VALUE, embeddingSquares[at] + slope * slope);
            embeddingSquares[at] = sum;
            embeddings[at] -= EMBEDDING_STEP * slope / (float) Math.sqrt(sum + FLOOR);
        }
    }

    private void step() {
        meanPower *= MEAN_DECAY;
        squarePower *= SQUARE_DECAY;
        float share = 1f / STEP_ROWS;
        float rate = STEP / (1 - meanPower);
        float correction = 1 / (1 - squarePower);
        float[] slopes = gradient.sum();
        for (int i = 0; i < weights.length; i++) {
            float slope = Math.max(-MAX_SLOPE, Math.min(MAX_SLOPE, slopes[i] * share));
            float mean = MEAN_DECAY * means[i] + (1 - MEAN_DECAY) * slope;
            float square = SQUARE_DECAY * squares[i] + (1 - SQUARE_DECAY) * slope * slope;
            means[i] = mean;
            squares[i] = square;
            weights[i] -= rate * mean / ((float) Math.sqrt(square * correction) + FLOOR);
            averages[i] += averageStep * (weights[i] - averages[i]);
        }
        averageStep = Math.max(AVERAGE_STEP, EARLY_STEPS / (EARLY_STEPS / averageStep + 1));
        gradient.clear();
        gradient.weights(weights);
    }

    /** See {@link NetGradient#erase}. */
    int erase(OwnerKeys owners) {
        return gradient.erase(owners);
    }

    /** Makes room for one more class, of which nothing is known. */
    void addOutput() {
        weights = shape.withOneMore(weights);
        averages = shape.withOneMore(averages);
        means = shape.withOneMore(means);
        squares = shape.withOneMore(squares);
        gradient.addOutput();
        shape = shape.withOneMore();
    }

    /** The mean begins again at the weights as they stand: it was of what may be over. */
    void alarm() {
        System.arraycopy(weights, 0, averages, 0, weights.length);
        averageStep = 1;
    }

    int inputs() {
        return shape.inputs();
    }

    /** The weights of one member. */
    record Layers(float[] weights0, float[] bias0, float[] weights1, float[] bias1, float[] weights2, float[] bias2) {}

    /** Copies; a layer's weights are {@code [from, to]}. */
    Layers layers(boolean average) {
        float[] from = average ? averages : weights;
        return new Layers(
                Arrays.copyOf(from, shape.bias0()),
                Arrays.copyOfRange(from, shape.bias0(), shape.weights1()),
                Arrays.copyOfRange(from, shape.weights1(), shape.bias1()),
                Arrays.copyOfRange(from, shape.bias1(), shape.weights2()),
                Arrays.copyOfRange(from, shape.weights2(), shape.bias2()),
                Arrays.copyOfRange(from, shape.bias2(), from.length));
    }

    /** {@code [buckets, EMBEDDING]}. */
    float[] embeddings() {
        return embeddings;
    }

    void write(StateSink out) {
        out.reals(weights).reals(averages).reals(means).reals(squares);
        out.reals(new float[] {meanPower, squarePower, averageStep});
        out.reals(embeddings).reals(embeddingSquares);
        gradient.write(out);
    }

    /** @param outputs as many as were written */
    void restore(StateReader in, int outputs) {
        shape = new NetShape(shape.inputs(), outputs);
        weights = in.reals(shape.size());
        averages = in.reals(shape.size());
        means = in.reals(shape.size());
        squares = in.reals(shape.size());
        float[] powers = in.reals(3);
        meanPower = powers[0];
        squarePower = powers[1];
        averageStep = powers[2];
        System.arraycopy(in.reals(embeddings.length), 0, embeddings, 0, embeddings.length);
        System.arraycopy(in.reals(embeddings.length), 0, embeddingSquares, 0, embeddings.length);
        gradient.restore(in, shape, STEP_ROWS - 1);
        gradient.weights(weights);
    }

    long bytes() {
        return (4L * weights.length + 2L * embeddings.length) * Float.BYTES + gradient.bytes();
    }
}
