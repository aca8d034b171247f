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
        String unit =
                detector.watchesLoss() ? "the mean loss has risen" : "the distribution of '" + subject + "' moved";
        String what = detector.watchesLoss() ? "" : "share of values ";
        return String.format(
                Locale.ROOT,
                "%s, %sfrom %.4g to %.4g (%s, statistic %.4g above %.4g, value %,d)",
                unit,
                what,
                before,
                after,
                detector.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                statistic,
                threshold,
                row);
    }
}
