package io.headwater.bench.streams;

import io.headwater.gate.CalibrationError;
import io.headwater.gate.Contest;
import io.headwater.gate.Ranking;
import io.headwater.learn.calibration.Calibration;
import io.headwater.learn.calibration.LogitMap;
import io.headwater.learn.calibration.ProvenMap;
import io.headwater.offline.evaluate.EvaluationListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a map behind a learner's logits is worth: none, one that is always believed, and the one that a service has, which
 * has to be proven. The learner lives through a stream once and is recorded; maps are tried on the record, for nothing of
 * them reaches the learner.
 */
final class CalibrationStudy {
    /** As what a learner's own delay is written: labels come when {@code demo} has them. */
    private static final String LATE = "late";

    private CalibrationStudy() {}

    /**
     * Arguments: the data folder; courses with commas, each {@code STREAM[#SEED]@LEARNER@DELAY}: streams, learners and
     * delays as {@link StreamTable} has them, or those of {@link LateLabelsStudy} with {@code late}; and factors with
     * commas that logits are multiplied by first, to see what becomes of a learner that is too sure or not sure enough.
     */
    public static void main(String[] args) throws IOException {
        System.out.println("| course | positive | factor | map | log loss | ECE | AUC | AP | changes |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String course : args[1].split(",", -1)) {
            LogitRecord record = record(course, Path.of(args[0]));
            for (String factor : args.length > 2 ? args[2].split(",", -1) : new String[] {"1"}) {
                for (Behind map : Behind.values()) {
                    report(course, record, Float.parseFloat(factor), map);
                }
            }
        }
    }

    /** What is behind the learner. */
    private enum Behind {
        NONE,
        ALWAYS,
        PROVEN
    }

    private static LogitRecord record(String course, Path data) throws IOException {
        String[] parts = course.split("@", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a course is STREAM[#SEED]@LEARNER@DELAY, not " + course);
        }
        if (parts[2].equals(LATE)) {
            LateLabelsStudy study = new LateLabelsStudy(parts[0]);
            return study.record(study.maker(parts[1]));
        }
        String[] named = parts[0].split("#", 2);
        long seed = named.length > 1 ? Long.parseLong(named[1]) : 1;
        StreamRows rows = Streams.open(named[0], seed, data);
        LogitRecord record = new LogitRecord(rows.rows());
        Contestant contestant = Contestant.named(parts[1]).get(0);
        Course.run(contestant, rows, Delay.parse(parts[2]).of(rows), seed, learner -> new Recorder(record));
        return record;
    }

    private record Recorder(LogitRecord record) implements EvaluationListener {
        @Override
        public void scored(int row, float[] outputs, int count, float label) {
            record.arrived(row, outputs[0]);
            record.label(row, label == 1);
        }

        @Override
        public void learned(int row, float label) {
            record.learned(row, label == 1);
        }

        @Override
        public void alarmed(int row) {
            record.alarm();
        }
    }

    private static void report(String course, LogitRecord record, float factor, Behind map) {
        float[] logits = new float[record.rows()];
        int changes = switch (map) {
            case NONE -> none(record, factor, logits);
            case ALWAYS -> always(record, factor, logits);
            case PROVEN -> proven(record, factor, logits);
        };
        boolean[] positive = new boolean[logits.length];
        float[] probabilities = new float[logits.length];
        double loss = 0;
        double positives = 0;
        for (int row = 0; row < logits.length; row++) {
            positive[row] = record.positive(row);
            positives += positive[row] ? 1 : 0;
            probabilities[row] = (float) (1 / (1 + Math.exp(-logits[row])));
            loss += Contest.logLoss(logits[row], positive[row]);
        }
        Ranking ranking = Ranking.of(logits, positive);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %s | %s | %.5f | %.4f | %.4f | %.4f | %d |%n",
                course,
                positives / logits.length,
                factor,
                map.name().toLowerCase(Locale.ROOT),
                loss / logits.length,
                CalibrationError.of(probabilities, positive, logits.length),
                ranking.rocAuc(),
                ranking.averagePrecision(),
                changes);
    }

    private static int none(LogitRecord record, float factor, float[] logits) {
        for (int row = 0; row < logits.length; row++) {
            logits[row] = factor * record.logit(row);
        }
        return 0;
    }

    private static int always(LogitRecord record, float factor, float[] logits) {
        Calibration calibration = new Calibration(LogitMap.IDENTITY, Calibration.DEFAULT_HALF_LIFE);
        for (int i = 0; i < record.steps(); i++) {
            int step = record.step(i);
            if (step == LogitRecord.ALARM) {
                calibration.alarm();
            } else if (step >= 0) {
                logits[step] = (float) calibration.apply(factor * record.logit(step));
            } else {
                int row = -1 - step;
                calibration.learn(factor * record.logit(row), record.positive(row), 1);
            }
        }
        return record.steps();
    }

    private static int proven(LogitRecord record, float factor, float[] logits) {
        ProvenMap map = new ProvenMap();
        float[] candidates = new float[logits.length];
        int[] generations = new int[logits.length];
        for (int i = 0; i < record.steps(); i++) {
            int step = record.step(i);
            if (step == LogitRecord.ALARM) {
                map.alarm();
            } else if (step >= 0) {
                float logit = factor * record.logit(step);
                logits[step] = map.apply(logit);
                candidates[step] = map.candidate(logit);
                generations[step] = map.generation();
            } else {
                int row = -1 - step;
                map.learn(factor * record.logit(row), candidates[row], generations[row], record.positive(row));
            }
        }
        return map.generation();
    }
}
