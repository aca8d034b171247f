package io.headwater.line;

import io.headwater.drift.FalseAlarmBudget;
import io.headwater.gate.GateSettings;
import java.util.Set;

/**
 * Bounds of a learning line.
 *
 * @param maxPending most events whose logits wait for their label; the oldest go first
 * @param probeRows rows of the first traffic that every exported file is checked on
 * @param falseAlarms how often the line may sound an alarm where nothing changes, of its loss and of its traffic each
 * @param leftOut features of the traffic that sound none
 * @param gate the contest's window is the gate's
 */
public record LineSettings(
        int maxPending, int probeRows, FalseAlarmBudget falseAlarms, Set<String> leftOut, GateSettings gate) {
    public static final LineSettings DEFAULT =
            new LineSettings(100_000, 64, FalseAlarmBudget.byDefault(), GateSettings.DEFAULT);

    /** Bounds of a line that watches every feature. */
    public LineSettings(int maxPending, int probeRows, FalseAlarmBudget falseAlarms, GateSettings gate) {
        this(maxPending, probeRows, falseAlarms, Set.of(), gate);
    }

    public LineSettings {
        leftOut = Set.copyOf(leftOut);
        if (maxPending < 0 || probeRows < 1) {
            throw new IllegalArgumentException("line bounds: maxPending " + maxPending + ", probeRows " + probeRows);
        }
    }
}
