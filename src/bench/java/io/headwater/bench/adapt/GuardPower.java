package io.headwater.bench.adapt;

import io.headwater.learn.PairedBet;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * How many target labels the guard of adaptation needs to give up a line that is worse, by how much worse it is.
 * Labels are drawn from a true logit; the unadapted line says it, the adapted one says it plus noise. Arguments: runs of
 * each row, and the most labels of a run.
 */
final class GuardPower {
    private static final double[] NOISE = {0, 0.2, 0.4, 0.7, 1, 1.5, 2, 3};

    private GuardPower() {}

    public static void main(String[] args) {
        int runs = Integer.parseInt(args[0]);
        int most = Integer.parseInt(args[1]);
        System.out.println("| class 1 | noise | loss, nats | ROC AUC | given up | labels, median | 90 % |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (double rate : new double[] {0, -4.5}) {
            for (double noise : NOISE) {
                row(rate, noise, runs, most);
            }
        }
    }

    private static void row(double rate, double noise, int runs, int most) {
        double[] labels = new double[runs];
        double lost = 0;
        double positives = 0;
        long seen = 0;
        int givenUp = 0;
        for (int run = 0; run < runs; run++) {
            Random random = new Random(run);
            PairedBet bet = new PairedBet();
            int at = 0;
            while (at < most && !bet.isDecided()) {
                double truth = rate + 2 * random.nextGaussian();
                boolean label = random.nextDouble() < 1 / (1 + Math.exp(-truth));
                double difference = loss(truth + noise * random.nextGaussian(), label) - loss(truth, label);
                bet.record(difference);
                lost += difference;
                positives += label ? 1 : 0;
                seen++;
                at++;
            }
            givenUp += bet.isDecided() ? 1 : 0;
            labels[run] = bet.isDecided() ? at : Double.POSITIVE_INFINITY;
        }
        Arrays.sort(labels);
        System.out.printf(
                Locale.ROOT,
                "| %.1f %% | %.1f | %.4f | %.3f | %d of %d | %s | %s |%n",
                100 * positives / seen,
                noise,
                lost / seen,
                auc(rate, noise),
                givenUp,
                runs,
                at(labels, 0.5),
                at(labels, 0.9));
    }

    private static String at(double[] sorted, double share) {
        double value = sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.0f", value) : "more";
    }

    private static double loss(double logit, boolean label) {
        double signed = label ? -logit : logit;
        return Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)));
    }

    /** Of the noisy logit, by pairs of a positive and a negative. */
    private static double auc(double rate, double noise) {
        Random random = new Random(1);
        double[] of = new double[2];
        boolean[] there = new boolean[2];
        double won = 0;
        int pairs = 0;
        while (pairs < 200_000) {
            double truth = rate + 2 * random.nextGaussian();
            int label = random.nextDouble() < 1 / (1 + Math.exp(-truth)) ? 1 : 0;
            of[label] = truth + noise * random.nextGaussian();
            there[label] = true;
            if (there[0] && there[1]) {
                won += of[1] > of[0] ? 1 : 0;
                pairs++;
                Arrays.fill(there, false);
            }
        }
        return won / pairs;
    }
}
