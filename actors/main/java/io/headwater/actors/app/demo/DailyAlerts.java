package io.headwater.actors.app.demo;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What an analyst finds who looks at the cards that a model suspects most on each day, for each of the demo's models. A
 * card's score on a day is the highest of its payments'. Thread-safe.
 */
final class DailyAlerts implements Ledger.Settled, FraudStream.Watch {
    /** Cards that the analyst has time for in a day. */
    static final int TOP = 100;

    /** A card that was found is blocked, and left out, for so many days. */
    private static final int BLOCKED_DAYS = 7;

    private static final int MODELS = 3;
    private static final int ROWS = 1 << 18;

    private final int movedDay;
    private final long[] slots = new long[ROWS];
    private final int[] cardOf = new int[ROWS];
    private final int[] dayOf = new int[ROWS];

    private final float[][] highest;
    private final int[][] blockedUntil;
    private final boolean[] stolen;
    private int day = -1;

    private final Sums all = new Sums();
    private final Sums moved = new Sums();

    private static final class Sums {
        private long events;
        private int days;
        private final double[] precision = new double[MODELS];
        private final double[] alerts = new double[MODELS];

        Report report() {
            return new Report(events, days, found(0), found(1), found(2));
        }

        private Found found(int model) {
            return new Found(precision[model] / days, alerts[model] / days);
        }
    }

    /**
     * A model's figures; NaN over no day.
     *
     * @param cardPrecision of the {@value #TOP} cards with the highest scores of a day, the share that was stolen or
     *     paid at a compromised terminal, mean over days
     * @param alertsPerDay cards with a probability of one half or more
     */
    record Found(double cardPrecision, double alertsPerDay) {}

    /**
     * All models over the same days.
     *
     * @param events payments that they were compared over, those of the last day too
     * @param days whole days
     */
    record Report(long events, int days, Found adaptive, Found frozen, Found frozenRunningIntercept) {}

    /**
     * @param cards how many there are
     * @param movedDay the first day of the new pattern
     */
    DailyAlerts(int cards, int movedDay) {
        this.movedDay = movedDay;
        this.highest = new float[MODELS][cards];
        this.blockedUntil = new int[MODELS][cards];
        this.stolen = new boolean[cards];
        Arrays.fill(slots, -1);
        clear();
    }

    private void clear() {
        Arrays.stream(highest).forEach(scores -> Arrays.fill(scores, Float.NEGATIVE_INFINITY));
        Arrays.fill(stolen, false);
    }

    @Override
    public synchronized void paid(long slot, int card, int day) {
        int row = (int) (slot % ROWS);
        slots[row] = slot;
        cardOf[row] = card;
        dayOf[row] = day;
    }

    @Override
    public synchronized void settled(
            long slot, float probability, float frozenLogit, float interceptLogit, boolean label) {
        int row = (int) (slot % ROWS);
        // Labels come in the order of payments: what is of an earlier day came very late.
        if (slots[row] != slot || dayOf[row] < day) {
            return;
        }
        if (dayOf[row] > day) {
            close();
            day = dayOf[row];
        }
        all.events++;
        moved.events += day >= movedDay ? 1 : 0;
        int card = cardOf[row];
        float logit = (float) Math.log(probability / (1.0 - probability));
        highest[0][card] = Math.max(highest[0][card], logit);
        highest[1][card] = Math.max(highest[1][card], frozenLogit);
        highest[2][card] = Math.max(highest[2][card], interceptLogit);
        stolen[card] |= label;
    }

    private void close() {
        if (day >= 0) {
            add(all);
            if (day >= movedDay) {
                add(moved);
            }
            for (int model = 0; model < MODELS; model++) {
                for (int card : top(model)) {
                    blockedUntil[model][card] = stolen[card] ? day + 1 + BLOCKED_DAYS : blockedUntil[model][card];
                }
            }
            clear();
        }
    }

    private void add(Sums sums) {
        sums.days++;
        for (int model = 0; model < MODELS; model++) {
            long hits = Arrays.stream(top(model)).filter(card -> stolen[card]).count();
            sums.precision[model] += hits / (double) TOP;
            for (float logit : highest[model]) {
                sums.alerts[model] += logit >= 0 ? 1 : 0;
            }
        }
    }

    private int[] top(int model) {
        float[] scores = highest[model];
        return IntStream.range(0, scores.length)
                .filter(card -> scores[card] > Float.NEGATIVE_INFINITY && blockedUntil[model][card] <= day)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                .limit(TOP)
                .mapToInt(card -> card)
                .toArray();
    }

    /** Over all days that are whole. */
    synchronized Report report() {
        return all.report();
    }

    /** Over those of the new pattern. */
    synchronized Report sinceMove() {
        return moved.report();
    }
}
