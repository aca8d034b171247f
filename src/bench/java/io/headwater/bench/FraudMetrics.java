package io.headwater.bench;

import io.headwater.gate.Ranking;
import java.util.Arrays;
import java.util.BitSet;

/** What the Fraud Detection Handbook judges a model of card payments by (chapter 4). */
record FraudMetrics(double rocAuc, double averagePrecision, double cardPrecision) {
    static final int TOP_CARDS = 100;

    static FraudMetrics mean(FraudMetrics... of) {
        return new FraudMetrics(
                Arrays.stream(of).mapToDouble(FraudMetrics::rocAuc).average().orElse(Double.NaN),
                Arrays.stream(of)
                        .mapToDouble(FraudMetrics::averagePrecision)
                        .average()
                        .orElse(Double.NaN),
                Arrays.stream(of)
                        .mapToDouble(FraudMetrics::cardPrecision)
                        .average()
                        .orElse(Double.NaN));
    }

    /**
     * Of a week that was scored. A card is tested only while no fraud on it is known: of the training week, and of the
     * days after it whose labels have come since.
     *
     * @param scores of every row
     * @param trainingDay first day of the training week; the tested one begins 14 days later
     */
    static FraudMetrics ofWeek(FraudRows rows, float[] scores, int trainingDay) {
        int firstTest = trainingDay + 14;
        int[] frauds = firstFraudSince(rows, trainingDay, firstTest + 7);
        int n = 0;
        int[] tested = new int[rows.rows];
        for (int row = 0; row < rows.rows; row++) {
            int day = rows.day(row);
            if (day >= firstTest && day < firstTest + 7 && frauds[rows.cards[row]] > day - 8) {
                tested[n++] = row;
            }
        }
        tested = Arrays.copyOf(tested, n);
        float[] score = new float[n];
        boolean[] fraud = new boolean[n];
        for (int i = 0; i < n; i++) {
            score[i] = scores[tested[i]];
            fraud[i] = rows.fraud[tested[i]];
        }
        Ranking ranking = Ranking.of(score, fraud);
        return new FraudMetrics(
                ranking.rocAuc(), ranking.averagePrecision(), cardPrecision(rows, scores, tested, firstTest));
    }

    /** By card, the day of its first fraud from {@code from} on, or one beyond all days. */
    private static int[] firstFraudSince(FraudRows rows, int from, int until) {
        int[] first = new int[Arrays.stream(rows.cards).max().orElse(0) + 1];
        Arrays.fill(first, Integer.MAX_VALUE);
        for (int row = rows.rows - 1; row >= 0; row--) {
            int day = rows.day(row);
            if (rows.fraud[row] && day >= from && day < until) {
                first[rows.cards[row]] = day;
            }
        }
        return first;
    }

    /** The share of each day's {@value #TOP_CARDS} highest cards that are stolen, found ones left out from then on. */
    private static double cardPrecision(FraudRows rows, float[] scores, int[] tested, int firstTest) {
        int cards = Arrays.stream(rows.cards).max().orElse(0) + 1;
        BitSet found = new BitSet();
        double sum = 0;
        for (int day = firstTest; day < firstTest + 7; day++) {
            float[] highest = new float[cards];
            Arrays.fill(highest, Float.NEGATIVE_INFINITY);
            BitSet stolen = new BitSet();
            BitSet seen = new BitSet();
            for (int row : tested) {
                int card = rows.cards[row];
                if (rows.day(row) == day && !found.get(card)) {
                    seen.set(card);
                    highest[card] = Math.max(highest[card], scores[row]);
                    stolen.set(card, stolen.get(card) || rows.fraud[row]);
                }
            }
            int[] top = seen.stream()
                    .boxed()
                    .sorted((a, b) -> Float.compare(highest[b], highest[a]))
                    .limit(TOP_CARDS)
                    .mapToInt(card -> card)
                    .toArray();
            int hits = 0;
            for (int card : top) {
                if (stolen.get(card)) {
                    hits++;
                    found.set(card);
                }
            }
            sum += hits / (double) TOP_CARDS;
        }
        return sum / 7;
    }
}
