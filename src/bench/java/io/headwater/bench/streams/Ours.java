package io.headwater.bench.streams;

import io.headwater.bench.streams.Contestant.Side;
import io.headwater.learn.online.MixtureLearner;
import io.headwater.learn.online.MixtureSettings;
import java.util.List;

/** The product's default learner of tables, and what is left of it without one of its parts. */
final class Ours {
    static final List<Contestant> ALL = List.of(
            mixture("mixture", "Headwater", Side.OURS, true, true, true),
            mixture("mixture-unwatched", "Headwater, no alarms", Side.OURS_UNWATCHED, true, true, true),
            mixture("mixture-no-trends", "Headwater, no trends", Side.OURS, true, true, false),
            mixture("linear", "Headwater, linear members alone", Side.OURS, true, false, true),
            mixture("ferns", "Headwater, ferns alone", Side.OURS, false, true, true));

    private Ours() {}

    private static Contestant mixture(
            String name, String title, Side side, boolean linear, boolean ferns, boolean trends) {
        return new Contestant(
                name,
                title,
                side,
                true,
                (rows, seed) -> new MixtureLearner(
                        rows.task(),
                        rows.numericNames().size(),
                        rows.categories().size(),
                        StreamView.BUCKETS,
                        new MixtureSettings(linear, ferns, trends, 0, seed)));
    }
}
