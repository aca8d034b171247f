package io.headwater.learn.online;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import java.util.Arrays;

/**
 * Linear models and random ferns of several steps and memories, a small net, and a stack that finds out which of them are
 * right: the learner that a table gets by default. Nothing about it has to be chosen.
 */
public final class MixtureLearner implements OnlineLearner {
    private static final String KIND = "mixture";
    private static final int FORMAT = 5;

    /** Its rates of labels are floats. */
    private static final int OLDEST_FORMAT = 4;

    /** Learned rows, of evenly likely classes, until ferns are drawn; fewer tell too little to ask by. */
    private static final double FIRST_DRAW = 8;

    private static final double LAST_EARLY_DRAW = 1_024;
    private static final double RENEW_EVERY = 200;

    /** Of the ferns, drawn again at an alarm. */
    private static final double RENEWED_AT_ALARM = 0.3;

    static final int MAX_CLASSES = 1_000;
    private static final double LABEL_HALF_LIFE = 20_000;

    /** A memo: how many outputs there were, the number of the arrival in two floats, columns, what members said. */
    private static final int OUTPUTS = 0;

    private static final int ARRIVAL = 1;
    private static final int COLUMNS = 3;

    /** Whole numbers up to here are exact in a float. */
    private static final int EXACT_BITS = 24;

    private static final long EXACT = (1L << EXACT_BITS) - 1;

    private final Task task;
    private final MixtureSettings settings;
    private final int buckets;
    private final RowExpansion expansion;
    private final ClassSample sample;
    private final Members members;
    private final Stack stack;
    private final SeededRandom random;
    private final NumericScaler labels = new NumericScaler(1, LABEL_HALF_LIFE);
    private final LabelRates rates;
    private final float[] expanded;
    private final float[] labelMean = new float[1];
    private final float[] labelScale = {1};
    private int outputs;
    private double learnedRows;
    private double nextDraw = FIRST_DRAW;

    /** Whether nothing has changed since the last arrival, so that what members said then is what they would say. */
    private boolean fresh;

    /**
     * @param numeric columns of a row
     * @param categorical columns of a row
     * @param buckets that categories are hashed to, of all columns together; 0 where there are none
     */
    public MixtureLearner(Task task, int numeric, int categorical, int buckets, MixtureSettings settings) {
        this.task = task;
        this.settings = settings;
        this.buckets = categorical == 0 ? 0 : buckets;
        this.outputs = task == Task.CLASSES ? 2 : 1;
        RowColumns columns = RowColumns.of(numeric, categorical, settings.trends(), task != Task.CLASSES);
        this.expansion = new RowExpansion(columns);
        this.sample = new ClassSample(columns.width());
        this.members = new Members(task, columns, numeric, categorical, this.buckets, outputs, settings);
        this.stack = new Stack(task, members.count(), outputs);
        this.random = new SeededRandom(settings.seed());
        this.rates = new LabelRates(task);
        this.expanded = new float[columns.room()];
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
        return COLUMNS + expansion.memory() + members.count() * outputs;
    }

    @Override
    public void score(OnlineRow row, float[] to) {
        fresh = false;
        expansion.expand(row, expanded);
        members.ask(row, expanded, expansion);
        members.askAveraged();
        answer(to);
    }

    @Override
    public void arrive(OnlineRow row, float[] to, float[] memo) {
        expansion.expand(row, expanded);
        expansion.observe(expanded);
        members.ask(row, expanded, expansion);
        members.askAveraged();
        answer(to);
        memo[OUTPUTS] = outputs;
        memo[ARRIVAL] = (int) (expansion.rows() & EXACT);
        memo[ARRIVAL + 1] = (int) (expansion.rows() >> EXACT_BITS & EXACT);
        expansion.remember(expanded, memo, COLUMNS);
        members.remember(memo, COLUMNS + expansion.memory());
        fresh = true;
    }

    private void answer(float[] to) {
        stack.outputs(members.logits(), to);
        if (task.isRegression()) {
            to[0] = labelMean[0] + labelScale[0] * to[0];
        }
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        learn(row, memo, label, weight, fresh && isLast(memo));
    }

    /** As {@link #learn}, of the row that was scored last, if nothing has come since: members need not be asked twice. */
    void learnScored(OnlineRow row, float[] memo, float label, float weight) {
        // With recent means the row is not now what it was when it came.
        learn(row, memo, label, weight, expansion.memory() == 0);
    }

    /** @param said whether what members say of the row as it was when it came is what they said last */
    private void learn(OnlineRow row, float[] memo, float label, float weight, boolean said) {
        check(label, weight);
        boolean another = task == Task.CLASSES && label == outputs;
        if (another) {
            addClass();
        }
        if (another || !said) {
            expansion.recall(row, memo, COLUMNS, expanded);
            members.ask(row, expanded, expansion);
        }
        fresh = false;
        float counted = counted(label);
        float target = target(counted);
        float evenRows = rates.observe(label);
        members.learn(row, target, weight, evenRows);
        if (settings.ferns()) {
            sample.observe(expanded, task.isRegression() ? target > 0 ? 1 : 0 : (int) label, row.key(), random);
            draw(evenRows);
        }
        members.recall(memo, COLUMNS + expansion.memory(), (int) memo[OUTPUTS]);
        stack.learn(members.logits(), target, weight);
        expansion.label(counted);
    }

    /** Whether the memo is of the row that arrived last. */
    private boolean isLast(float[] memo) {
        long arrival = (long) memo[ARRIVAL] | (long) memo[ARRIVAL + 1] << EXACT_BITS;
        return arrival == expansion.rows();
    }

    /** Draws ferns: all after the first rows, half of them each time the rows have doubled, later one at a time. */
    private void draw(float evenRows) {
        learnedRows += evenRows;
        if (learnedRows < nextDraw) {
            return;
        }
        FernBank ferns = members.ferns();
        if (nextDraw > LAST_EARLY_DRAW) {
            nextDraw += RENEW_EVERY;
            ferns.renewPoorest(sample, random);
            return;
        }
        for (int fern = 0; fern < ferns.ferns(); fern++) {
            if (nextDraw == FIRST_DRAW || random.nextInt(2) == 0) {
                ferns.draw(fern, sample, random);
            }
        }
        nextDraw *= 2;
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

    /** A label of a regression far out of those known counts as the scale takes it: one hostile record must not last. */
    private float counted(float label) {
        if (!task.isRegression()) {
            return label;
        }
        float counted = labels.observe(0, label);
        labels.meanTo(labelMean);
        labels.scaleTo(labelScale);
        return counted;
    }

    private float target(float counted) {
        return task.isRegression() ? (counted - labelMean[0]) / labelScale[0] : counted;
    }

    private void addClass() {
        outputs++;
        members.addOutput();
        stack.addOutput();
        fresh = false;
    }

    @Override
    public void alarm() {
        fresh = false;
        stack.alarm();
        members.alarm();
        FernBank ferns = members.ferns();
        int renewed = (int) Math.round(RENEWED_AT_ALARM * ferns.ferns());
        for (int i = 0; settings.ferns() && !sample.isEmpty() && i < renewed; i++) {
            ferns.renewPoorest(sample, random);
        }
    }

    /**
     * Of the sample that questions are drawn from, and of the rows that wait for the net's step. What stays is what all
     * rows together made: weights, means and deviations of columns, and the thresholds of the questions, each between the
     * values of two rows.
     */
    @Override
    public int erase(OwnerKeys owners) {
        return sample.erase(owners) + members.erase(owners);
    }

    @Override
    public long stateBytes() {
        return expansion.bytes() + sample.bytes() + members.bytes() + stack.bytes();
    }

    /** The model as it stands: its inputs are those of {@link io.headwater.feature.ModelSignature}. */
    public OnnxGraph graph() {
        MixtureGraph graph = new MixtureGraph(expansion, outputs);
        members.addTo(graph, buckets);
        return graph.stacked(stack, task, labelMean[0], labelScale[0]);
    }

    float[] stackWeights() {
        return stack.weights().clone();
    }

    /** {@code [members * outputs][columns + 1 + buckets]}, a copy. */
    float[][] linearWeights() {
        return Arrays.stream(members.linearWeights()).map(float[]::clone).toArray(float[][]::new);
    }

    /** All that decides what later calls do. */
    public byte[] checkpoint() {
        StateWriter out = new StateWriter(KIND, FORMAT);
        write(new StateSink.Bytes(out));
        return out.toBytes();
    }

    /** A digest of all that decides what later calls do. */
    public String stateSha256() {
        StateDigest digest = new StateDigest();
        write(digest);
        return digest.hex();
    }

    private void write(StateSink out) {
        out.text(identity())
                .integer(outputs)
                .integer64(random.state())
                .real64(learnedRows)
                .real64(nextDraw);
        out.reals64(labels.state()).reals(labelMean).reals(labelScale);
        rates.write(out);
        expansion.write(out);
        sample.write(out);
        members.write(out);
        stack.write(out);
    }

    private String identity() {
        return task + " of " + expansion.columns() + " and " + buckets + " buckets by " + settings;
    }

    /**
     * Becomes the learner whose {@link #checkpoint} this is.
     *
     * @throws IllegalArgumentException if the bytes are of another kind, format or shape
     */
    public void restore(byte[] checkpoint) {
        StateReader in = new StateReader(checkpoint, KIND, OLDEST_FORMAT, FORMAT);
        String saved = in.text();
        if (!saved.equals(identity())) {
            throw new IllegalArgumentException(
                    "the state is of a mixture for " + saved + ", this is one for " + identity());
        }
        outputs = in.integer(1, MAX_CLASSES);
        random.restore(in.integer64());
        learnedRows = in.real64();
        nextDraw = in.real64();
        labels.restore(in.reals64(3, 4));
        System.arraycopy(in.reals(1), 0, labelMean, 0, 1);
        System.arraycopy(in.reals(1), 0, labelScale, 0, 1);
        rates.restore(in);
        expansion.restore(in);
        sample.restore(in);
        members.restore(in, outputs);
        stack.restore(in, outputs);
        in.end();
        fresh = false;
    }
}
