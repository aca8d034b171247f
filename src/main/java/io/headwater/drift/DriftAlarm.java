package io.headwater.drift;

import java.util.Locale;

/**
 * A detector's finding that the stream has changed.
 *
 * @param subject what was watched: {@code loss}, or the name of a feature
 * @param row how many values the monitor had seen, this one included
 * @param statistic what the detector compared, in units of its own
 * @param threshold what the statistic passed; follows from the {@link FalseAlarmBudget}
 * @param before estimate before the change: of a loss its mean, of a feature the share of its values in the bin, or up to
 *     the value, where the difference is largest
 * @param after the same after it
 */
public record DriftAlarm(
        Detector detector, String subject, long row, double statistic, double threshold, double before, double after) {
    /** The finding in one sentence. */
    public String describe() {
        return finding()
                + String.format(
                        Locale.ROOT,
                        " (%s %.4g, alarm above %.4g, after %,d %s)",
                        detector.title(),
                        statistic,
                        threshold,
                        row,
                        detector.watchesLoss() ? "labelled examples" : "examined events");
    }

    private String finding() {
        return switch (detector) {
            case ADWIN, PAGE_HINKLEY ->
                String.format(Locale.ROOT, "the mean loss has risen from %.4g to %.4g", before, after);
            case KOLMOGOROV_SMIRNOV -> moved("missing or at most some value");
            case POPULATION_STABILITY -> moved("in the bin that changed most");
        };
    }

    private String moved(String where) {
        return String.format(
                Locale.ROOT,
                "the values of '%s' have moved: %.1f %% were %s, of the latest %.1f %% are",
                subject,
                100 * before,
                where,
                100 * after);
    }
}
