package io.headwater.line;

import io.headwater.gate.GateSettings;

/**
 * Bounds of a learning line.
 *
 * @param maxRows most rows that are encoded and scored at once
 * @param maxPending most events whose logits wait for their label; the oldest go first
 * @param probeRows rows of the first traffic that every exported file is checked on
 * @param gate the contest's window is the gate's
 */
public record LineSettings(int maxRows, int maxPending, int probeRows, GateSettings gate) {
    public static final LineSettings DEFAULT = new LineSettings(1024, 100_000, 64, GateSettings.DEFAULT);

    public LineSettings {
        if (maxRows < 1 || maxPending < 0 || probeRows < 1 || probeRows > maxRows) {
            throw new IllegalArgumentException(
                    "line bounds: maxRows " + maxRows + ", maxPending " + maxPending + ", probeRows " + probeRows);
        }
    }
}
