package io.headwater.offline.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * When the labels of a recorded stream come: an order of the labels, and how many of them have come before each row. A
 * label is known to the first row that is later than it, and to none that comes at the same time.
 *
 * <p>A delay counted in rows is this rule with the rows' numbers as their times: a label with delay 0 is known to the
 * next row, with delay 48 there are 48 rows between its own and the first that knows it. It is how MOA counts too.
 */
public sealed interface LabelArrivals {
    int rows();

    /** How many labels have come before this row is scored. */
    int before(int row);

    /** The row whose label comes in this place of all labels that ever come. */
    int rowOf(int label);

    /** How many labels ever come; fewer than {@link #rows()} where some never do. */
    int labels();

    /** How many rows wait for their labels at the same time, at most. */
    int mostWaiting();

    /** Labels in the order of the rows, each after {@code delay} more rows. */
    static LabelArrivals afterRows(int rows, int delay) {
        if (rows < 0 || delay < 0) {
            throw new IllegalArgumentException("rows and delay are at least 0, not " + rows + " and " + delay);
        }
        return new AfterRows(rows, delay);
    }

    /**
     * Labels by the clock, in any order; those of one time in the order of their rows.
     *
     * @param events times of the rows, of which none is before the one that precedes it
     * @param labels times of their labels, none before its own row's; NaN or infinite for one that never comes
     */
    static LabelArrivals atTimes(double[] events, double[] labels) {
        return AtTimes.of(events, labels);
    }

    /** By count. */
    record AfterRows(int rows, int delay) implements LabelArrivals {
        @Override
        public int before(int row) {
            return Math.max(0, row - delay);
        }

        @Override
        public int rowOf(int label) {
            return label;
        }

        @Override
        public int labels() {
            return rows;
        }

        @Override
        public int mostWaiting() {
            return (int) Math.min(rows, delay + 1L);
        }
    }

    /** By the clock. */
    final class AtTimes implements LabelArrivals {
        private final int[] order;
        private final int[] before;
        private final int mostWaiting;

        private AtTimes(int[] order, int[] before, int mostWaiting) {
            this.order = order;
            this.before = before;
            this.mostWaiting = mostWaiting;
        }

        private static AtTimes of(double[] events, double[] labels) {
            check(events, labels);
            int[] order = IntStream.range(0, labels.length)
                    .filter(row -> Double.isFinite(labels[row]))
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> labels[row]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] before = new int[events.length];
            int known = 0;
            int most = 0;
            for (int row = 0; row < events.length; row++) {
                while (known < order.length && labels[order[known]] < events[row]) {
                    known++;
                }
                before[row] = known;
                most = Math.max(most, row + 1 - known);
            }
            return new AtTimes(order, before, most);
        }

        private static void check(double[] events, double[] labels) {
            if (events.length != labels.length) {
                throw new IllegalArgumentException(
                        events.length + " times of events, but " + labels.length + " of labels");
            }
            for (int row = 0; row < events.length; row++) {
                if (!Double.isFinite(events[row]) || (row > 0 && events[row] < events[row - 1])) {
                    throw new IllegalArgumentException(
                            "times of events are numbers that do not go back; row " + row + " has " + events[row]);
                } else if (labels[row] < events[row]) {
                    throw new IllegalArgumentException("the label of row " + row + " comes at " + labels[row]
                            + ", before its event at " + events[row]);
                }
            }
        }

        @Override
        public int rows() {
            return before.length;
        }

        @Override
        public int before(int row) {
            return before[row];
        }

        @Override
        public int rowOf(int label) {
            return order[label];
        }

        @Override
        public int labels() {
            return order.length;
        }

        @Override
        public int mostWaiting() {
            return mostWaiting;
        }
    }
}
