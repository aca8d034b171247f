package io.headwater.learn.online;

import io.headwater.event.OwnerKeys;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.StateReader;
import io.headwater.learn.Task;
import java.util.Arrays;

/**
 * The members of a mixture, each of which has its own logits of a row: ferns, linear models of several steps, a small net
 * and its running mean. What they said of the row that was last asked stands until the next.
 */
final class Members {
    /** The net's weights are drawn by another sequence than the ferns' questions. */
    private static final long NET_SEED = 0x6e6574;

    private final Task task;
    private final MixtureSettings settings;
    private final FernBank ferns;
    private final LinearBank linear;
    private final NetMember net;
    private final int count;
    private int outputs;

    /** {@code [count, outputs]}, and the derivatives of the loss by them. */
    private float[] logits;

    private float[] gradients;

    /**
     * @param numeric columns of a row
     * @param categorical columns of a row
     * @param buckets that categories are hashed to, 0 where there are none
     */
    Members(
            Task task,
            RowColumns columns,
            int numeric,
            int categorical,
            int buckets,
            int outputs,
            MixtureSettings settings) {
        this.task = task;
        this.settings = settings;
        this.outputs = outputs;
        this.ferns = new FernBank(columns, outputs, settings.ferns());
        this.linear = new LinearBank(columns.linear(), buckets, outputs);
        this.net = new NetMember(numeric, categorical, buckets, outputs, settings.seed() ^ NET_SEED);
        this.count = (settings.ferns() ? FernBank.MEMBERS : 0)
                + (settings.linear() ? LinearBank.MEMBERS : 0)
                + (settings.net() ? NetMember.MEMBERS : 0);
        this.logits = new float[count * outputs];
        this.gradients = new float[count * outputs];
    }

    int count() {
        return count;
    }

    /** What was said of the row that was last asked, or recalled: {@code [count, outputs]}. */
    float[] logits() {
        return logits;
    }

    /** For their questions to be drawn again. */
    FernBank ferns() {
        return ferns;
    }

    /** Asks those that learn a row themselves: ferns, linear models, the net. */
    void ask(OnlineRow row, float[] expanded, RowExpansion expansion) {
        int at = 0;
        if (settings.ferns()) {
            ferns.ask(expanded);
            ferns.logits(logits, at);
            at += FernBank.MEMBERS * outputs;
        }
        expansion.scaled(expanded, linear.scaled());
        if (settings.linear()) {
            linear.logits(row.categorical(), logits, at);
            at += LinearBank.MEMBERS * outputs;
        }
        if (settings.net()) {
            net.logits(linear.scaled(), row.categorical(), logits, at);
        }
    }

    /** Asks the net's mean of the same row. Nothing is learned from what it says now. */
    void askAveraged() {
        if (settings.net()) {
            net.averageLogits(logits, logits.length - outputs);
        }
    }

    /** Each learns the row that was last asked from its own error. */
    void learn(OnlineRow row, float target, float weight, float evenRows) {
        for (int member = 0; member < count; member++) {
            Link.gradient(task, logits, member * outputs, outputs, target, weight, gradients, member * outputs);
        }
        int at = 0;
        if (settings.ferns()) {
            ferns.learn(gradients, at, evenRows);
            at += FernBank.MEMBERS * outputs;
        }
        if (settings.linear()) {
            linear.learn(row.categorical(), gradients, at);
            at += LinearBank.MEMBERS * outputs;
        }
        if (settings.net()) {
            net.learn(row.categorical(), gradients, at, row.key());
        }
    }

    /** Writes what was said to {@code memo} from {@code into} on. */
    void remember(float[] memo, int into) {
        System.arraycopy(logits, 0, memo, into, logits.length);
    }

    /**
     * Puts back what was said when the row came; of a class that came later they said nothing, which is 0.
     *
     * @param then how many outputs there were
     */
    void recall(float[] memo, int from, int then) {
        if (then == outputs) {
            System.arraycopy(memo, from, logits, 0, logits.length);
            return;
        }
        Arrays.fill(logits, 0);
        for (int member = 0; member < count; member++) {
            System.arraycopy(memo, from + member * then, logits, member * outputs, then);
        }
    }

    void addOutput() {
        outputs++;
        ferns.addOutput();
        linear.addOutput();
        net.addOutput();
        clear();
    }

    private void clear() {
        logits = new float[count * outputs];
        gradients = new float[count * outputs];
    }

    void alarm() {
        net.alarm();
    }

    /** Of the rows that wait for the net's step. */
    int erase(OwnerKeys owners) {
        return net.erase(owners);
    }

    void addTo(MixtureGraph graph, int buckets) {
        if (settings.ferns()) {
            graph.ferns(ferns);
        }
        if (settings.linear()) {
            graph.linear(linear, buckets);
        }
        if (settings.net()) {
            graph.net(net);
        }
    }

    /** {@code [members * outputs][columns + 1 + buckets]} of the linear models. */
    float[][] linearWeights() {
        return linear.weights();
    }

    void write(StateSink out) {
        ferns.write(out);
        linear.write(out);
        net.write(out);
    }

    /** @param saved how many outputs were written */
    void restore(StateReader in, int saved) {
        outputs = saved;
        ferns.restore(in, saved);
        linear.restore(in, saved);
        net.restore(in, saved);
        clear();
    }

    long bytes() {
        return ferns.bytes() + linear.bytes() + net.bytes();
    }
}
