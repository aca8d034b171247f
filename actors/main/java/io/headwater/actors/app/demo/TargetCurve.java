package io.headwater.actors.app.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the models say of the target's payments, day by day. The demo knows from its generator what was fraud and judges
 * each payment at once; the service learns it when the label is due. Thread-safe.
 */
final class TargetCurve implements Ledger.Settled, ShiftStream.Watch {
    /** A payment waits here until all models have scored it; older ones are given up. */
    private static final int ROWS = 1 << 18;

    private static final int MOST_DAYS = 4_000;
    /** The progress line speaks of so many days. */
    private static final int RECENT_DAYS = 2;

    private final long beginMs;
    private final long firstLabelMs;
    private final long[] slots = new long[ROWS];
    private final int[] day = new int[ROWS];
    private final boolean[] afterLabels = new boolean[ROWS];
    private final boolean[] fraud = new boolean[ROWS];
    private final float[] adapted = new float[ROWS];
    private final float[] unadapted = new float[ROWS];
    private final float[] frozen = new float[ROWS];

    private final Judged before = new Judged();
    private final Judged after = new Judged();
    private final List<Judged> days = new ArrayList<>();
    private long eventsBefore;
    private boolean labelsBegan;

    /** What each model said of the same payments, the first million of them. */
    private static final class Judged {
        private float[] adapted = new float[256];
        private float[] unadapted = new float[256];
        private float[] frozen = new float[256];
        private boolean[] fraud = new boolean[256];
        private int size;

        void add(float adaptedScore, float unadaptedScore, float frozenLogit, boolean isFraud) {
            if (size == Comparison.MOST) {
                return;
            }
            if (size == fraud.length) {
                grow(2 * size);
            }
            adapted[size] = adaptedScore;
            unadapted[size] = unadaptedScore;
            frozen[size] = frozenLogit;
            fraud[size++] = isFraud;
        }

        private void grow(int room) {
            adapted = Arrays.copyOf(adapted, room);
            unadapted = Arrays.copyOf(unadapted, room);
            frozen = Arrays.copyOf(frozen, room);
            fraud = Arrays.copyOf(fraud, room);
        }

        void addAll(Judged other) {
            for (int i = 0; i < other.size; i++) {
                add(other.adapted[i], other.unadapted[i], other.frozen[i], other.fraud[i]);
            }
        }

        TargetReport.Phase phase() {
            return new TargetReport.Phase(
                    size,
                    Comparison.quality(adapted, fraud, size, p -> p),
                    Comparison.quality(unadapted, fraud, size, p -> p),
                    Comparison.quality(frozen, fraud, size, Comparison::sigmoid));
        }
    }

    /**
     * @param beginMs when the stream begins, on its own clock
     * @param firstLabelMs when the first label of the target is due
     */
    TargetCurve(long beginMs, long firstLabelMs) {
        this.beginMs = beginMs;
        this.firstLabelMs = firstLabelMs;
        Arrays.fill(slots, -1);
    }

    private static int row(long slot) {
        return (int) (slot % ROWS);
    }

    private boolean isOpen(long slot) {
        return slots[row(slot)] == slot;
    }

    @Override
    public synchronized void paid(long slot, RegionPayments.Paid paid, int dayOfStream) {
        labelsBegan |= paid.timeMs() >= firstLabelMs;
        if (!paid.region().isTarget() || dayOfStream >= MOST_DAYS) {
            return;
        }
        int row = row(slot);
        slots[row] = slot;
        day[row] = dayOfStream;
        afterLabels[row] = paid.timeMs() >= firstLabelMs;
        fraud[row] = paid.fraud();
        adapted[row] = Float.NaN;
        unadapted[row] = Float.NaN;
        frozen[row] = Float.NaN;
        eventsBefore += afterLabels[row] ? 0 : 1;
    }

    @Override
    public synchronized void predicted(long slot, float frozenLogit) {
        if (isOpen(slot)) {
            frozen[row(slot)] = frozenLogit;
            judge(slot);
        }
    }

    @Override
    public synchronized void scored(long slot, float probability) {
        if (isOpen(slot)) {
            adapted[row(slot)] = probability;
            judge(slot);
        }
    }

    /** What the model that does not adapt served. */
    synchronized void unadapted(long slot, float probability) {
        if (isOpen(slot)) {
            unadapted[row(slot)] = probability;
            judge(slot);
        }
    }

    private void judge(long slot) {
        int row = row(slot);
        if (Float.isNaN(adapted[row]) || Float.isNaN(unadapted[row]) || Float.isNaN(frozen[row])) {
            return;
        }
        while (days.size() <= day[row]) {
            days.add(new Judged());
        }
        Judged phase = afterLabels[row] ? after : before;
        for (Judged judged : List.of(phase, days.get(day[row]))) {
            judged.add(adapted[row], unadapted[row], frozen[row], fraud[row]);
        }
        slots[row] = -1;
    }

    @Override
    public void settled(long slot, float probability, float frozenLogit, float interceptLogit, boolean label) {
        // Each payment of the target was judged when it was scored.
    }

    synchronized TargetReport report() {
        List<TargetReport.Day> curve = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
            if (days.get(i).size > 0) {
                curve.add(new TargetReport.Day(i, days.get(i).phase()));
            }
        }
        double firstDay = (firstLabelMs - beginMs) / (double) Duration.ofDays(1).toMillis();
        TargetReport.@Nullable FirstLabel first =
                labelsBegan ? new TargetReport.FirstLabel(firstLabelMs, firstDay, eventsBefore) : null;
        return new TargetReport(before.phase(), after.phase(), first, curve);
    }

    /** The newest days in a few words. */
    String standing() {
        Judged recent = new Judged();
        boolean labels;
        synchronized (this) {
            days.subList(Math.max(0, days.size() - RECENT_DAYS), days.size()).forEach(recent::addAll);
            labels = labelsBegan;
        }
        TargetReport.Phase phase = recent.phase();
        return String.format(
                Locale.ROOT,
                "target%s: AUC adapted %s unadapted %s",
                labels ? "" : " (no label yet)",
                DemoSummary.number("%.3f", phase.adapted().rocAuc()),
                DemoSummary.number("%.3f", phase.unadapted().rocAuc()));
    }
}
