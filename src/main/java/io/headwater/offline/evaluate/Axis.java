package io.headwater.offline.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A range of values on a chart, from round number to round number.
 *
 * @param step from tick to tick: 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, double step) {
    /** The smallest such range that holds both; a single value gets some room around it. */
    static Axis around(double least, double most, int ticks) {
        double room = most > least ? 0 : Math.max(Math.abs(least) / 10, 1e-9);
        double rough = (most - least + 2 * room) / ticks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double share = rough / power;
        double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
        return new Axis(step * Math.floor((least - room) / step), step * Math.ceil((most + room) / step), step);
    }

    /** Where a value lies, 0 at the low end and 1 at the high one. */
    double share(double value) {
        return (value - low) / (high - low);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        int count = (int) Math.round((high - low) / step);
        for (int i = 0; i <= count; i++) {
            ticks.add(low + i * step);
        }
        return ticks;
    }

    /** As many decimals as tell neighbouring ticks apart. */
    String text(double tick) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", tick + 0.0);
    }
}
