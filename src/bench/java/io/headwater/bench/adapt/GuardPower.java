package io.headwater.bench.adapt;

import io.headwater.learn.PairedEvidence;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * How many target labels the guard of adaptation needs to give up a line that is worse, by how much worse it is, and how
 * often it gives up one that is not. Labels are drawn from a true logit; each line says that logit plus noise, times how
 * sure it is. Arguments: runs of each row, and the most labels of a run.
 */
final class GuardPower {
    /** What a line says of a true logit: {@code sure} times the sum of it and of {@code noise} times a normal number. */
    private record Line(double noise, double sure) {
        double says(double truth, Random random) {
            return sure * (truth + noise * random.nextGaussian());
        }
    }

    private static final Line TRUE = new Line(0, 1);

    /** The adapted line and the unadapted one. */
    private record Lines(String what, Line adapted, Line plain) {}

    private GuardPower() {}

    public static void main(String[] args) {
        int runs = Integer.parseInt(args[0]);
        int most = Integer.parseInt(args[1]);
        System.out.println(
                "| class 1 | adapted, unadapted | loss, nats | ROC AUC | given up | labels, median | 90 % |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (double rate : new double[] {0, -4.5}) {
            row(rate, new Lines("equal: the truth", TRUE, TRUE), runs, most);
            for (double noise : new double[] {0.5, 1, 2}) {
                Line line = new Line(noise, 1);
                row(rate, new Lines("equal: each with noise " + noise + " of its own", line, line), runs, most);
            }
            for (double noise : new double[] {0.2, 0.4, 0.7, 1, 1.5, 2, 3}) {
                row(rate, new Lines("noise " + noise + ", the truth", new Line(noise, 1), TRUE), runs, most);
            }
            for (double noise : new double[] {0.4, 0.7, 1, 1.5, 2, 3}) {
                Lines lines = new Lines(
                        "noise " + noise + " and half as sure, four times as sure as the truth",
                        new Line(noise, 0.5),
                        new Line(0, 4));
                row(rate, lines, runs, most);
            }
        }
    }

    private static void row(double rate, Lines lines, int runs, int most) {
        double[] labels = new double[runs];
        double lost = 0;
        double positives = 0;
        long seen = 0;
        int givenUp = 0;
        for (int run = 0; run < runs; run++) {
            Random random = new Random(run);
            PairedEvidence evidence = new PairedEvidence();
            int at = 0;
            while (at < most && !evidence.isEnoughOnEither()) {
                double truth = rate + 2 * random.nextGaussian();
                boolean label = random.nextDouble() < 1 / (1 + Math.exp(-truth));
                double adapted = lines.adapted().says(truth, random);
                double plain = lines.plain().says(truth, random);
                evidence.record((float) adapted, (float) plain, label);
                lost += loss(adapted, label) - loss(plain, label);
                positives += label ? 1 : 0;
                seen++;
                at++;
            }
            givenUp += evidence.isEnoughOnEither() ? 1 : 0;
            labels[run] = evidence.isEnoughOnEither() ? at : Double.POSITIVE_INFINITY;
        }
        Arrays.sort(labels);
        System.out.printf(
                Locale.ROOT,
                "| %.1f %% | %s | %.4f | %.3f, %.3f | %d of %d | %s | %s |%n",
                100 * positives / seen,
                lines.what(),
                lost / seen,
                auc(rate, lines.adapted()),
                auc(rate, lines.plain()),
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

    /** Of what a line says, by pairs of a positive and a negative. */
    private static double auc(double rate, Line line) {
        Random random = new Random(1);
        double[] of = new double[2];
        boolean[] there = new boolean[2];
        double won = 0;
        int pairs = 0;
        while (pairs < 200_000) {
            double truth = rate + 2 * random.nextGaussian();
            int label = random.nextDouble() < 1 / (1 + Math.exp(-truth)) ? 1 : 0;
            of[label] = line.says(truth, random);
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
