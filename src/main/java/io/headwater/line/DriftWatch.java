package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.drift.LossMonitor;
import io.headwater.drift.TrafficMonitor;
import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.ModelSignature;
import io.headwater.feature.RowLayout;
import io.headwater.gate.Contest;
import io.headwater.learn.OnlineRow;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for changes of the stream: in the loss of the challenger line, each example scored before it was learned, and in
 * the features of unlabelled traffic, where these are numbers and categories. What it finds are alarms, which the line
 * takes in as inputs of their own. A part of the line's state.
 */
final class DriftWatch {
    /** Numeric and categorical columns that are watched, by their place. */
    private record Columns(List<String> numeric, int[] numericAt, List<String> categorical, int[] categoricalAt) {
        static Columns of(RowLayout layout) {
            List<String> numbers = names(layout, ModelSignature.NUMERIC);
            List<String> categories = names(layout, ModelSignature.CATEGORICAL);
            int[] numericAt = watched(numbers);
            int[] categoricalAt = watched(categories);
            return new Columns(pick(numbers, numericAt), numericAt, pick(categories, categoricalAt), categoricalAt);
        }

        private static List<String> names(RowLayout layout, String tensor) {
            int index = layout.indexOf(tensor);
            return index < 0 ? List.of() : layout.tensors().get(index).columns();
        }

        /** The clock goes round by nature: it would alarm for ever. */
        private static int[] watched(List<String> names) {
            return IntStream.range(0, names.size())
                    .filter(i -> !FeatureSchema.isOfTheClock(names.get(i)))
                    .toArray();
        }

        private static List<String> pick(List<String> names, int[] at) {
            return IntStream.of(at).mapToObj(names::get).toList();
        }

        boolean isEmpty() {
            return numeric.isEmpty() && categorical.isEmpty();
        }
    }

    private final FalseAlarmBudget budget;
    private final Columns columns;
    private final @Nullable TrafficMonitor traffic;
    private final OnlineRow row;
    private final float[] numbers;
    private final int[] buckets;
    private final List<DriftAlarm> raised = new ArrayList<>();
    private LossMonitor loss;

    DriftWatch(RowLayout layout, LineSettings bounds) {
        this.budget = bounds.falseAlarms();
        this.columns = Columns.of(layout);
        this.loss = new LossMonitor(budget);
        this.traffic = columns.isEmpty()
                ? null
                : new TrafficMonitor(budget, columns.numeric(), columns.categorical(), bounds.leftOut());
        this.row = new OnlineRow(width(layout, ModelSignature.NUMERIC), width(layout, ModelSignature.CATEGORICAL));
        this.numbers = new float[columns.numericAt().length];
        this.buckets = new int[columns.categoricalAt().length];
    }

    private static int width(RowLayout layout, String tensor) {
        int index = layout.indexOf(tensor);
        return index < 0 ? 0 : layout.tensors().get(index).width();
    }

    /** The challenger said {@code logit} of an example before it was learned. */
    void examined(float logit, boolean label) {
        if (loss.observe(Contest.logLoss(logit, label))) {
            DriftAlarm alarm = loss.alarm();
            if (alarm != null) {
                raised.add(alarm);
            }
        }
    }

    /** Events have come. */
    void arrived(FeatureBatch batch) {
        TrafficMonitor monitor = traffic;
        if (monitor == null) {
            return;
        }
        for (int i = 0; i < batch.rows(); i++) {
            row.read(batch, i);
            for (int k = 0; k < numbers.length; k++) {
                numbers[k] = row.numeric()[columns.numericAt()[k]];
            }
            for (int k = 0; k < buckets.length; k++) {
                buckets[k] = row.categorical()[columns.categoricalAt()[k]];
            }
            if (monitor.observe(numbers, buckets, batch.key(i))) {
                raised.addAll(monitor.alarms());
            }
        }
    }

    /** Forgets the values of some owners' rows where they are kept as they came; says how many rows those were. */
    int erase(OwnerKeys owners) {
        return traffic == null ? 0 : traffic.erase(owners::contains);
    }

    /** What was found since this was last asked. */
    List<DriftAlarm> take() {
        List<DriftAlarm> taken = List.copyOf(raised);
        raised.clear();
        return taken;
    }

    /** Another learner goes on from here: its loss is another. */
    void learnerChanged() {
        loss = new LossMonitor(budget);
    }

    void write(DataOutput out) throws IOException {
        write(loss.state(), out);
        write(traffic == null ? new double[0] : traffic.state(), out);
    }

    private static void write(double[] values, DataOutput out) throws IOException {
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    /** Reads what {@link #write} wrote of a watch over the same columns. */
    static DriftWatch read(DataInputStream in, RowLayout layout, LineSettings bounds) throws IOException {
        DriftWatch watch = new DriftWatch(layout, bounds);
        double[] losses = doubles(in);
        double[] features = doubles(in);
        try {
            watch.loss.restore(losses);
            if (watch.traffic != null) {
                watch.traffic.restore(features);
            } else if (features.length > 0) {
                throw new IOException("it watches features, and here are none");
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("its drift state is of another model", e);
        }
        return watch;
    }

    private static double[] doubles(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available() / Double.BYTES) {
            throw new IOException("drift state of " + length + " values where " + in.available() + " bytes are left");
        }
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }
}
