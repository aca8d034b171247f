package io.headwater.learn.online;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import java.util.Arrays;

/**
 * Random ferns: each asks a row {@value #DEPTH} questions of the kind "is this column above that value", whose answers
 * name a cell, and a member's logit is the sum of the weights in the cells that the ferns name. Four members share the
 * questions: two step sizes, each on the cells of the first {@value #SHALLOW} and of all answers.
 */
final class FernBank {
    /*
     * 1. Özuysal, Fua & Lepetit, Fast keypoint recognition in ten lines of code (CVPR 2007): the ferns. Here the cells
     *    are trained together by the gradient of the log loss of their sum.
     * 2. Duchi, Hazan & Singer, Adaptive subgradient methods (JMLR 2011): the steps, one sum of squares for a cell that
     *    both members of a depth share, of the faster one's gradient: a root for each would double the cost.
     *
     * A threshold lies between the values of two rows that were seen; it is a number of the model as a weight is, goes into
     * its file, and is not erased with either. Questions come from rows that were seen, and go: every so many rows the fern
     * whose weights have least energy (a fern that asks noise learns nothing but noise) is drawn again. Even ferns ask the
     * row's own columns alone, so that trends never crowd them out.
     */
    static final int DEPTH = 8;
    static final int SHALLOW = 5;
    static final int[] DEPTHS = {SHALLOW, DEPTH};
    static final int MEMBERS = 4;
    static final int MAX_FERNS = 160;

    private static final float SLOW = 0.012f;
    private static final float FAST = 0.036f;
    private static final float FLOOR = 1e-8f;

    /** What a cell holds for each output: the slow weight, the fast weight, the sum of squares. */
    private static final int PARTS = 3;

    /** With many classes fewer ferns, so that a row's cost stays bounded. */
    private static final int MAX_WEIGHTS_ASKED = 1_600;

    private static final int MIN_FERNS = 8;

    /** Rows (of evenly likely classes) that a fern learns before it may be drawn again. */
    private static final float MIN_AGE = 2_000;

    /** A question is the one of so many at random to which two classes answer most differently. */
    private static final int CANDIDATES = 4;

    /** Of so many ferns at random the one of least energy goes. */
    private static final int TOURNAMENT = 8;

    /** Energy is looked at every so many learned rows, and forgets as slowly as that allows. */
    private static final int ENERGY_EVERY = 8;

    private static final float ENERGY_STEP = 0.008f;

    /** The threshold of a question for which a missing value was drawn: it asks whether there is a value. */
    static final float MISSING = -Float.MAX_VALUE;

    private final RowColumns columns;
    private int outputs;
    private int ferns;
    private final int[] column;
    private final float[] threshold;
    private final float[] energy;
    private final float[] age;
    private float[] shallow;
    private float[] deep;
    private final int[] cells;
    private int learned;

    /** @param used whether there are ferns at all */
    FernBank(RowColumns columns, int outputs, boolean used) {
        this.columns = columns;
        this.outputs = outputs;
        this.ferns = used ? ferns(outputs) : 0;
        this.column = new int[ferns * DEPTH];
        this.threshold = new float[ferns * DEPTH];
        Arrays.fill(threshold, Float.MAX_VALUE);
        this.energy = new float[ferns];
        this.age = new float[ferns];
        this.shallow = new float[size(SHALLOW)];
        this.deep = new float[size(DEPTH)];
        this.cells = new int[ferns];
    }

    private static int ferns(int outputs) {
        return Math.max(MIN_FERNS, Math.min(MAX_FERNS, MAX_WEIGHTS_ASKED / outputs));
    }

    private int size(int depth) {
        return Math.multiplyExact(ferns << depth, PARTS * outputs);
    }

    int ferns() {
        return ferns;
    }

    /** Draws a fern's questions anew, and forgets what it learned. */
    void draw(int fern, ClassSample rows, SeededRandom random) {
        int own = columns.numeric() + columns.categorical();
        int choices = fern % 2 == 0 ? own : own + columns.deviations();
        for (int i = fern * DEPTH; i < (fern + 1) * DEPTH; i++) {
            draw(i, choices, rows, random);
        }
        energy[fern] = 0;
        age[fern] = 0;
        Arrays.fill(shallow, from(fern, SHALLOW), from(fern + 1, SHALLOW), 0);
        Arrays.fill(deep, from(fern, DEPTH), from(fern + 1, DEPTH), 0);
    }

    private void draw(int question, int choices, ClassSample rows, SeededRandom random) {
        rows.choosePair(random);
        int best = -1;
        for (int i = 0; i < CANDIDATES; i++) {
            int candidate = column(random.nextInt(choices), random);
            float drawn = rows.threshold(candidate, random);
            float value = Float.isNaN(drawn) ? MISSING : Math.max(MISSING, Math.min(Float.MAX_VALUE, drawn));
            int separation = rows.separation(candidate, value, random);
            if (separation > best) {
                best = separation;
                column[question] = candidate;
                threshold[question] = value;
            }
        }
    }

    private int column(int choice, SeededRandom random) {
        if (choice < columns.numeric()) {
            return choice;
        }
        int category = choice - columns.numeric();
        return category < columns.categorical()
                ? columns.ordersAt() + category * RowColumns.ORDERS + random.nextInt(RowColumns.ORDERS)
                : columns.deviationsAt() + category - columns.categorical();
    }

    private int from(int fern, int depth) {
        return (fern << depth) * PARTS * outputs;
    }

    /** Draws the fern that knows least, if there is one old enough. */
    void renewPoorest(ClassSample rows, SeededRandom random) {
        int poorest = -1;
        for (int i = 0; i < TOURNAMENT; i++) {
            int fern = random.nextInt(ferns);
            if (age[fern] >= MIN_AGE && (poorest < 0 || energy[fern] < energy[poorest])) {
                poorest = fern;
            }
        }
        if (poorest >= 0) {
            draw(poorest, rows, random);
        }
    }

    /**
     * Finds the cells that a row's answers name; the calls that follow are about this row.
     *
     * @param row {@link RowColumns#room} long: a power of two, so that no place has to be checked a second time
     */
    void ask(float[] row) {
        int places = row.length - 1;
        for (int fern = 0, i = 0; fern < ferns; fern++, i += DEPTH) {
            // Two halves that do not wait for each other.
            cells[fern] = half(row, places, i) << 4 | half(row, places, i + 4);
        }
    }

    /** The answers to four questions; a missing value, NaN, is above nothing. */
    private int half(float[] row, int places, int i) {
        return (row[column[i] & places] > threshold[i] ? 8 : 0)
                | (row[column[i + 1] & places] > threshold[i + 1] ? 4 : 0)
                | (row[column[i + 2] & places] > threshold[i + 2] ? 2 : 0)
                | (row[column[i + 3] & places] > threshold[i + 3] ? 1 : 0);
    }

    /** Writes the members' logits of the asked row, {@code [MEMBERS, outputs]}. */
    void logits(float[] to, int at) {
        if (outputs == 1) {
            single(to, at);
            return;
        }
        Arrays.fill(to, at, at + MEMBERS * outputs, 0);
        for (int fern = 0; fern < ferns; fern++) {
            int low = ((fern << SHALLOW) + (cells[fern] >> (DEPTH - SHALLOW))) * PARTS * outputs;
            int high = ((fern << DEPTH) + cells[fern]) * PARTS * outputs;
            for (int k = 0; k < 2 * outputs; k++) {
                to[at + k] += shallow[low + k];
                to[at + 2 * outputs + k] += deep[high + k];
            }
        }
    }

    private void single(float[] to, int at) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int fern = 0; fern < ferns; fern++) {
            int low = ((fern << SHALLOW) + (cells[fern] >> (DEPTH - SHALLOW))) * PARTS;
            int high = ((fern << DEPTH) + cells[fern]) * PARTS;
            a += shallow[low];
            b += shallow[low + 1];
            c += deep[high];
            d += deep[high + 1];
        }
        to[at] = a;
        to[at + 1] = b;
        to[at + 2] = c;
        to[at + 3] = d;
    }

    /**
     * Takes a step against each member's gradient on the asked row.
     *
     * @param gradients {@code [MEMBERS, outputs]}, from {@code at} on
     * @param evenRows how much a row tells: 1 where classes are evenly likely, less where one is rare
     */
    void learn(float[] gradients, int at, float evenRows) {
        learned++;
        boolean look = learned % ENERGY_EVERY == 0;
        for (int fern = 0; fern < ferns; fern++) {
            int low = ((fern << SHALLOW) + (cells[fern] >> (DEPTH - SHALLOW))) * PARTS * outputs;
            int high = ((fern << DEPTH) + cells[fern]) * PARTS * outputs;
            if (look) {
                look(fern, high, evenRows);
            }
            if (outputs == 1) {
                step(shallow, low, gradients[at], gradients[at + 1]);
                step(deep, high, gradients[at + 2], gradients[at + 3]);
            } else {
                for (int k = 0; k < outputs; k++) {
                    step(shallow, low, k, gradients, at);
                    step(deep, high, k, gradients, at + 2 * outputs);
                }
            }
        }
    }

    private void look(int fern, int high, float evenRows) {
        float sum = 0;
        for (int k = 0; k < outputs; k++) {
            float weight = deep[high + outputs + k];
            sum += weight * weight;
        }
        energy[fern] += ENERGY_STEP * (sum - energy[fern]);
        age[fern] += ENERGY_EVERY * evenRows;
    }

    private static void step(float[] cells, int at, float slow, float fast) {
        float squares = cells[at + 2] + fast * fast;
        float rate = 1 / (float) Math.sqrt(squares + FLOOR);
        cells[at] -= SLOW * slow * rate;
        cells[at + 1] -= FAST * fast * rate;
        cells[at + 2] = squares;
    }

    private void step(float[] cells, int at, int output, float[] gradients, int from) {
        int slow = at + output;
        int fast = slow + outputs;
        float gradient = gradients[from + outputs + output];
        float squares = cells[fast + outputs] + gradient * gradient;
        float rate = 1 / (float) Math.sqrt(squares + FLOOR);
        cells[slow] -= SLOW * gradients[from + output] * rate;
        cells[fast] -= FAST * gradient * rate;
        cells[fast + outputs] = squares;
    }

    /** Makes room for one more class, of which no cell knows anything. */
    void addOutput() {
        int before = outputs;
        float[] oldShallow = shallow;
        float[] oldDeep = deep;
        outputs++;
        ferns = Math.min(ferns, ferns(outputs));
        shallow = grown(oldShallow, new float[size(SHALLOW)], before);
        deep = grown(oldDeep, new float[size(DEPTH)], before);
    }

    private static float[] grown(float[] from, float[] to, int before) {
        for (int source = 0, target = 0; target < to.length; source += before, target += before + 1) {
            System.arraycopy(from, source, to, target, before);
        }
        return to;
    }

    int[] questionColumns() {
        return Arrays.copyOf(column, ferns * DEPTH);
    }

    float[] thresholds() {
        return Arrays.copyOf(threshold, ferns * DEPTH);
    }

    /** The weights in the cells of one depth, {@code [ferns, cells, 2, outputs]}. */
    float[] weights(int depth) {
        float[] cells = depth == DEPTH ? deep : shallow;
        float[] weights = new float[cells.length / PARTS * 2];
        for (int from = 0, to = 0; from < cells.length; from += PARTS * outputs, to += 2 * outputs) {
            System.arraycopy(cells, from, weights, to, 2 * outputs);
        }
        return weights;
    }

    void write(StateSink out) {
        out.integer(ferns).integer(learned);
        for (int value : column) {
            out.integer(value);
        }
        out.reals(threshold).reals(energy).reals(age).reals(shallow).reals(deep);
    }

    /** @param outputs as many as were written */
    void restore(StateReader in, int outputs) {
        this.outputs = outputs;
        ferns = in.integer(0, energy.length);
        learned = in.integer();
        for (int i = 0; i < column.length; i++) {
            column[i] = in.integer(0, columns.width() - 1);
        }
        System.arraycopy(in.reals(threshold.length), 0, threshold, 0, threshold.length);
        System.arraycopy(in.reals(energy.length), 0, energy, 0, energy.length);
        System.arraycopy(in.reals(age.length), 0, age, 0, age.length);
        shallow = in.reals(size(SHALLOW));
        deep = in.reals(size(DEPTH));
    }

    long bytes() {
        return (long) (shallow.length + deep.length + threshold.length + energy.length + age.length) * Float.BYTES
                + (long) (column.length + cells.length) * Integer.BYTES;
    }
}
