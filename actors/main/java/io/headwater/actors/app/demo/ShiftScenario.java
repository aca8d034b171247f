package io.headwater.actors.app.demo;

import io.headwater.cli.CommandFailedException;
import io.headwater.event.EventLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Generated card payments of a country whose labels come a week late, and of a new one whose labels come two weeks late
 * and that is in no source example: does the model hold there before it has seen one label of it? Two models of one
 * service learn and score the same topics, one of them without adaptation.
 */
public final class ShiftScenario implements Scenario {
    /** Seconds of the stream in a second: a third of a day. */
    public static final double SPEED = 28_800;

    private static final String ADAPTED = "shift";
    private static final String UNADAPTED = "shift-unadapted";
    private static final String REGION = "region";
    /*
     * Chosen, with the regions, on streams of the seeds 101 to 103, of which no figure is reported. Both models train more
     * than by default: two weeks are not many steps.
     */
    private static final String METHOD = "mmd";

    private static final double LEARNING_RATE = .003;
    private static final int STEPS = 4;
    private static final int ROWS = 128;

    private final long seed;
    private final TargetCurve target;

    /** @param seed of the payments and of both models */
    public ShiftScenario(long seed) {
        this.seed = seed;
        ShiftStream stream = stream(0, seed, ShiftStream.Watch.NOBODY);
        this.target = new TargetCurve(stream.beginMs(), stream.firstTargetLabelMs());
    }

    private static ShiftStream stream(long nextSlot, long seed, ShiftStream.Watch watch) {
        return new ShiftStream(seed, watch, nextSlot, any -> true);
    }

    @Override
    public String model() {
        return ADAPTED;
    }

    @Override
    public EventLayout layout() {
        return new EventLayout(RegionPayments.FEATURES, List.of());
    }

    @Override
    public Map<String, Object> settings() {
        return settings(Map.of(
                "adaptation.method", METHOD,
                "adaptation.domain", REGION,
                "adaptation.source", List.of(Region.HOME),
                "adaptation.rows", ROWS));
    }

    @Override
    public List<Beside> beside() {
        return List.of(new Beside(UNADAPTED, settings(Map.of("adaptation.method", "none")), target::unadapted));
    }

    private Map<String, Object> settings(Map<String, Object> adaptation) {
        Map<String, Object> settings = new HashMap<>(adaptation);
        settings.put("features.numeric", layout().numeric());
        settings.put("learner", "gradient");
        settings.put("training.seed", seed);
        settings.put("training.learning-rate", LEARNING_RATE);
        settings.put("training.steps", STEPS);
        settings.put("drift.leave-out", RegionPayments.OF_THE_CALENDAR);
        // A candidate a second, not ten, and ten transactions of scores, not fifty: two models, a broker and the stream
        // share what cores there are, and a label that is learned three seconds late is a day late here.
        settings.put("gate.candidate-examples", 512);
        settings.put("gate.candidate-age", "1 s");
        settings.put("scoring.commit-interval", "100 ms");
        return settings;
    }

    @Override
    public ShiftStream stream() {
        return stream(0, seed, ShiftStream.Watch.NOBODY);
    }

    @Override
    public ShiftStream stream(long nextSlot, LongStream owed) {
        Set<Long> waiting = owed.boxed().collect(Collectors.toSet());
        return new ShiftStream(seed, target, nextSlot, waiting::contains);
    }

    /** A kept folder holds the payments of one seed. */
    @Override
    public void claim(Path work) throws IOException {
        Path file = work.resolve("seed");
        String kept = Files.exists(file) ? Files.readString(file).strip() : Long.toString(seed);
        if (!kept.equals(Long.toString(seed))) {
            throw new CommandFailedException("--seed is " + seed + ", but " + work + " holds a stream of seed " + kept
                    + ", which alone can go on there");
        }
        Files.writeString(file, kept + "\n");
    }

    @Override
    public Ledger.Settled settled() {
        return target;
    }

    @Override
    public TargetReport findings(Ledger ledger) {
        return target.report();
    }

    @Override
    public String standing() {
        return target.standing();
    }
}
