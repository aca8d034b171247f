package io.headwater.offline.evaluate;

import java.util.List;

/** How good a learner was over a stream and in each window of it, beside baselines that know the labels it knew. */
public sealed interface Figures permits ClassFigures, NumberFigures {
    /** Rows that had a label and were scored before it was learned. */
    int rows();

    /** Rows of the whole stream at the end of each window. */
    int[] ends();

    /** What a chart of the windows shows, the most telling first. */
    List<Panel> panels();

    /** One figure over the windows. */
    record Curve(String name, double[] values) {}

    /** Curves of one unit. */
    record Panel(String unit, List<Curve> curves) {
        public Panel {
            curves = List.copyOf(curves);
        }
    }
}
