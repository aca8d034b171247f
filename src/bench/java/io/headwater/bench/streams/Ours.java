package io.headwater.bench.streams;

import io.headwater.bench.streams.Contestant.Factory;
import io.headwater.bench.streams.Contestant.Side;
import io.headwater.learn.online.MixtureLearner;
import io.headwater.learn.online.MixtureSettings;
import io.headwater.offline.evaluate.OnlineLearners;
import io.headwater.offline.evaluate.OnlineLearners.Shape;
import java.util.List;
import java.util.stream.Stream;

/** The learners of {@code headwater evaluate} by their names, and what is left of the default without one of its parts. */
final class Ours {
    static final List<Contestant> ALL = Stream.concat(
                    OnlineLearners.names().stream().map(Ours::offered),
                    Stream.of(
                            new Contestant(
                                    "mixture-unwatched",
                                    "Headwater, no alarms",
                                    Side.OURS_UNWATCHED,
                                    true,
                                    make(OnlineLearners.DEFAULT)),
                            new Contestant(
                                    "mixture-no-trends", "Headwater, no trends", Side.OURS, true, Ours::withoutTrends)))
            .toList();

    private Ours() {}

    private static Contestant offered(String name) {
        String title = name.equals(OnlineLearners.DEFAULT) ? "Headwater" : "Headwater, " + name;
        return new Contestant(name, title, Side.OURS, true, make(name));
    }

    private static Factory make(String name) {
        return (rows, seed) -> OnlineLearners.make(
                name,
                rows.task(),
                new Shape(rows.numericNames().size(), rows.categories().size(), StreamView.BUCKETS, seed));
    }

    private static MixtureLearner withoutTrends(StreamRows rows, long seed) {
        return new MixtureLearner(
                rows.task(),
                rows.numericNames().size(),
                rows.categories().size(),
                StreamView.BUCKETS,
                new MixtureSettings(true, true, true, false, seed));
    }
}
