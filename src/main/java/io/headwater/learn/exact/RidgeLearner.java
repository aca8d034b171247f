package io.headwater.learn.exact;

import io.headwater.event.OwnerKeys;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import io.headwater.learn.calibration.LogitMap;
import java.util.Arrays;

/**
 * A linear model that is solved exactly from sums over the rows: a linear discriminant for classes, ridge regression
 * for numbers, on the row's numbers or on random features of them. What it knows does not depend on the order of the
 * rows, and the learners of two parts of a stream merge into the learner of the whole; it stores no row but the few that wait to be added, and forgets by
 * its half-life only. It sees no categories.
 */
public final class RidgeLearner implements OnlineLearner {
    /*
     * A row costs features^2 / 2 multiplications. Solving costs features^3 / 6, so it is done again after features / 3
     * learned rows: as much again, however long the stream. Before so many have come it is done whenever their number
     * has doubled.
     */
    /** The graph's output where labels are numbers. */
    public static final String VALUE = "value";

    private static final String KIND = "ridge";
    private static final int FORMAT = 2;
    private static final int FIRST_SOLUTION = 8;
    private static final int MAX_CLASSES = 1_000;
    private static final int FADED_HALF_LIVES = 4;

    /** Where the scale of the rows is known, a value further out counts as this many deviations only; else there is no telling. */
    private static final float MAX_DEVIATIONS = 10;

    private static final float LARGEST = 1e12f;

    private final Task task;
    private final RidgeSettings settings;
    private final float[] mean;
    private final float[] scale;
    private final RandomFeatures random;
    private final Moments moments;
    private final LinearSolution solution;
    private final float limit;
    private final float[] scaled;
    private final double[] features;

    private int outputs;
    private double learned;
    private double solvedAfter;
    /** Which arrival {@link #features} are of; 0 if none. A float counts exactly up to 2^24. */
    private int arrivals;

    private boolean fresh;

    /** @param numeric columns of a row, in units in which values are around 1 if they are to be projected */
    public RidgeLearner(Task task, int numeric, RidgeSettings settings) {
        this(task, new float[numeric], ones(numeric), settings, settings.features() > 0 ? MAX_DEVIATIONS : LARGEST);
    }

    /**
     * @param mean {@code [numeric columns]}, taken from each row; what a missing value counts as
     * @param scale {@code [numeric columns]} the divisors, above 0; values more than ten of them out are cut off
     */
    public RidgeLearner(Task task, float[] mean, float[] scale, RidgeSettings settings) {
        this(task, mean, scale, settings, MAX_DEVIATIONS);
    }

    private RidgeLearner(Task task, float[] mean, float[] scale, RidgeSettings settings, float limit) {
        if (mean.length == 0 || mean.length != scale.length) {
            throw new IllegalArgumentException("an exact learner needs numbers in its rows, each with a mean and a"
                    + " scale; there are " + mean.length + " means and " + scale.length + " scales");
        }
        this.task = task;
        this.settings = settings;
        this.limit = limit;
        this.mean = mean.clone();
        this.scale = scale.clone();
        int numeric = mean.length;
        int width = settings.features() == 0 ? numeric : settings.features();
        this.outputs = task == Task.CLASSES ? 2 : 1;
        this.random = new RandomFeatures(numeric, settings.features(), settings.seed());
        this.moments = new Moments(width, 2, settings.halfLifeRows());
        this.solution = new LinearSolution(width, outputs);
        this.scaled = new float[numeric];
        this.features = new double[width];
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int memoLength() {
        return 1;
    }

    private void see(OnlineRow row) {
        float[] numeric = row.numeric();
        for (int i = 0; i < scaled.length; i++) {
            float value = (numeric[i] - mean[i]) / scale[i];
            // NaN stands at the mean; the comparison keeps what is infinite within bounds too.
            scaled[i] = Float.isNaN(value) ? 0 : Math.max(-limit, Math.min(limit, value));
        }
        if (settings.features() > 0) {
            random.of(scaled, features, 0);
            return;
        }
        for (int i = 0; i < scaled.length; i++) {
            features[i] = scaled[i];
        }
    }

    @Override
    public void score(OnlineRow row, float[] to) {
        see(row);
        fresh = false;
        solution.outputs(features, to);
    }

    @Override
    public void arrive(OnlineRow row, float[] to, float[] memo) {
        see(row);
        arrivals = arrivals % (1 << 24) + 1;
        memo[0] = arrivals;
        fresh = true;
        solution.outputs(features, to);
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        check(label, weight);
        if (!fresh || memo[0] != arrivals) {
            see(row);
            fresh = false;
        }
        if (task.isRegression()) {
            moments.addNumber(features, label, weight, row.key());
        } else {
            if (task == Task.CLASSES && label == outputs) {
                addClass();
            }
            moments.add(features, (int) label, weight, row.key());
        }
        learned++;
        double since = learned - solvedAfter;
        if (since >= Math.max(FIRST_SOLUTION, Math.min(solvedAfter, features.length / 3.0))) {
            solve();
        }
    }

    private void check(float label, float weight) {
        boolean allowed = switch (task) {
            case BINARY -> label == 0 || label == 1;
            case CLASSES -> label == (int) label && label >= 0 && label <= outputs && label < MAX_CLASSES;
            case SQUARED, HUBER -> Math.abs(label) <= Float.MAX_VALUE;
        };
        if (!allowed) {
            throw new IllegalArgumentException("the label " + label + " is none of " + task + " with " + outputs
                    + (task == Task.CLASSES ? " classes seen, of at most " + MAX_CLASSES : " output"));
        }
        if (!(weight > 0 && weight <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("a row counts for a number of rows above 0, not " + weight);
        }
    }

    private void addClass() {
        outputs++;
        moments.addGroup();
        solution.addOutput();
    }

    /** Scores from here on by all that was learned; done now and then without being asked. */
    public void solve() {
        // Rounding fades with the rows that it is of.
        double rows = Math.min(learned, FADED_HALF_LIVES * settings.halfLifeRows());
        if (task.isRegression()) {
            solution.solveNumber(moments, rows, settings.priorRows());
        } else {
            solution.solveClasses(moments, rows, settings.priorRows(), settings.evenPriors());
        }
        solvedAfter = learned;
    }

    /**
     * Adds what another has learned, which stays as it is, and solves. With a half-life both are taken as of now.
     *
     * @throws IllegalArgumentException if the other has another task, width, scale or settings
     */
    public void merge(RidgeLearner other) {
        if (!identity().equals(other.identity())
                || !Arrays.equals(mean, other.mean)
                || !Arrays.equals(scale, other.scale)) {
            throw new IllegalArgumentException("a learner for " + other.identity() + " cannot be merged into one for "
                    + identity() + ", or their scales differ");
        }
        while (outputs < other.outputs) {
            addClass();
        }
        moments.merge(other.moments);
        learned += other.learned;
        solve();
    }

    /**
     * The model as a graph: input {@code numeric} {@code [batch, columns]}, outputs {@code logit} and {@code probability}
     * {@code [batch]}, or {@code logits} and {@code probabilities} {@code [batch, classes]}, or {@value #VALUE}
     * {@code [batch]}; the weights that change are {@code head.weight} and {@code head.bias}.
     *
     * @param map is taken of each logit; {@link LogitMap#IDENTITY} of a regression
     */
    public OnnxGraph graph(LogitMap map) {
        if (task.isRegression() && !map.equals(LogitMap.IDENTITY)) {
            throw new IllegalArgumentException("the outputs of a regression are no logits to be mapped by " + map);
        }
        RidgeGraph graph = new RidgeGraph();
        String x = graph.scaled(mean, scale, limit);
        return graph.build(task, settings.features() == 0 ? x : graph.projected(x, random), solution, map);
    }

    /** Between the sums of two learners, relative to the root of the product of the two squares concerned. */
    double greatestRelativeDifference(RidgeLearner other) {
        return moments.greatestRelativeDifference(other.moments);
    }

    private String identity() {
        return task + " of " + mean.length + " numbers by " + settings;
    }

    /** Of the few rows that wait to be added to the sums. */
    @Override
    public int erase(OwnerKeys owners) {
        return moments.erase(owners);
    }

    @Override
    public long stateBytes() {
        return moments.bytes()
                + solution.bytes()
                + random.bytes()
                + (long) Float.BYTES * (3L * scaled.length)
                + (long) Double.BYTES * features.length;
    }

    /** All that decides what later calls do; the projection is made again from its seed. */
    public byte[] checkpoint() {
        StateWriter out = new StateWriter(KIND, FORMAT);
        out.text(identity()).reals(mean).reals(scale).integer(outputs);
        out.real64(learned).real64(solvedAfter);
        moments.write(out);
        solution.write(out);
        return out.toBytes();
    }

    /**
     * Becomes the learner whose {@link #checkpoint} this is.
     *
     * @throws IllegalArgumentException if the bytes are of another kind, format or shape
     */
    public void restore(byte[] checkpoint) {
        StateReader in = new StateReader(checkpoint, KIND, FORMAT);
        String saved = in.text();
        if (!saved.equals(identity())) {
            throw new IllegalArgumentException(
                    "the state is of an exact learner for " + saved + ", this is one for " + identity());
        }
        System.arraycopy(in.reals(mean.length), 0, mean, 0, mean.length);
        System.arraycopy(in.reals(scale.length), 0, scale, 0, scale.length);
        outputs = in.integer(1, MAX_CLASSES);
        learned = in.real64();
        solvedAfter = in.real64();
        moments.read(in, MAX_CLASSES);
        solution.read(in, MAX_CLASSES);
        in.end();
        fresh = false;
    }
}
