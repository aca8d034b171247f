package io.headwater.bench.streams;

import io.headwater.learn.OnlineLearner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A learner that a study can be asked for by name.
 *
 * @param name as an argument has it
 * @param title as a table has it
 * @param side whose it is
 * @param isSeeded whether chance has a part in it
 */
record Contestant(String name, String title, Side side, boolean isSeeded, Factory factory) {
    /** Whose a learner is, and so how it reads categories and who tells it of changes. */
    enum Side {
        /** Each value of a category is one of its own; detectors are its own. */
        PEER,
        /** Categories are hashed; its loss is watched by the default of {@code headwater evaluate}. */
        OURS,
        /** Ours without the watch. */
        OURS_UNWATCHED
    }

    /** Makes a learner that has seen nothing. */
    @FunctionalInterface
    interface Factory {
        OnlineLearner create(StreamRows rows, long seed);
    }

    /** The contestants of these names, in their order; {@code peers} and {@code ours} stand for all on that side. */
    static List<Contestant> named(String names) {
        List<Contestant> found = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            switch (name) {
                case "peers" -> found.addAll(Peers.ALL);
                case "ours" -> found.addAll(Ours.ALL);
                default -> found.add(one(name));
            }
        }
        return found;
    }

    private static Contestant one(String name) {
        List<Contestant> all =
                Stream.concat(Ours.ALL.stream(), Peers.ALL.stream()).toList();
        return all.stream()
                .filter(contestant -> contestant.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no learner '" + name
                        + "'; there are peers, ours, "
                        + String.join(", ", all.stream().map(Contestant::name).toList())));
    }

    /** The rows as this learner reads them. */
    StreamView view(StreamRows rows) {
        return side == Side.PEER ? StreamView.numbered(rows) : StreamView.hashed(rows);
    }
}
