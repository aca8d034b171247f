package io.headwater.line;

import io.headwater.drift.Detector;
import io.headwater.drift.DriftAlarm;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.RowKey;
import io.headwater.gate.Contest.Standing;
import io.headwater.learn.Learner;
import io.headwater.line.LineFixture.Stream;
import io.headwater.line.LineFixture.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * An uninterrupted life of a learning line: seeded random traffic, late labels, promotions and roll backs, other settings
 * now and then, and what the line was after every step.
 */
final class RandomRun {
    /** What can be seen of a line after a step. */
    record Moment(StepOutcome outcome, LineState state, byte[] checkpoint, Standing standing) {}

    private static final int RECONFIGURED_EVERY = 10;

    final Versions versions;
    final List<LineInput> inputs = new ArrayList<>();
    final List<Moment> moments = new ArrayList<>();
    final Candidate lastCandidate;

    private final Random random;
    private final Stream stream = new Stream();
    private final List<Event> unlabelled = new ArrayList<>();
    private long lastVersion = 1;
    private int ids;

    RandomRun(long seed, int steps) {
        this(seed, steps, LineFixture::logistic);
    }

    /** @param learners each as it is at the start */
    RandomRun(long seed, int steps, Supplier<? extends Learner> learners) {
        this.random = new Random(seed);
        this.versions = new Versions(learners.get());
        try (LearningLine line = LineFixture.line(learners, versions)) {
            for (int i = 0; i < steps; i++) {
                LineInput input = next(line);
                inputs.add(input);
                moments.add(take(line, input));
            }
            lastCandidate = line.candidate();
        }
    }

    static Moment take(LearningLine line, LineInput input) {
        StepOutcome outcome = line.step(input, 1_000 + line.state().sequence());
        return new Moment(outcome, line.state(), line.checkpoint(), line.standing());
    }

    List<LineageRecord> lineage() {
        return moments.stream().map(moment -> moment.outcome().record()).toList();
    }

    private LineInput next(LearningLine line) {
        if (inputs.size() % RECONFIGURED_EVERY == RECONFIGURED_EVERY - 1) {
            return new LineInput.Reconfigured(
                    LineFixture.OTHERS.get(inputs.size() / RECONFIGURED_EVERY % LineFixture.OTHERS.size()));
        }
        int choice = random.nextInt(12);
        if (choice == 0) {
            Candidate candidate = line.candidate();
            versions.add(++lastVersion, candidate.onnx(), candidate.learner());
            return new LineInput.Promoted(lastVersion);
        } else if (choice == 1) {
            return new LineInput.RolledBack(1 + random.nextInt((int) lastVersion));
        } else if (choice == 11 && random.nextInt(3) == 0) {
            return new LineInput.Alarm(new DriftAlarm(Detector.ADWIN, "loss", ids, 0.2, 0.1, 0.3, 0.5));
        } else if (choice == 10 && random.nextInt(3) == 0) {
            return new LineInput.Erased(List.of(RowKey.of("e" + random.nextInt(ids + 1)), RowKey.of("nobody")));
        } else if (choice < 7) {
            Event[] events = new Event[random.nextInt(14)];
            for (int i = 0; i < events.length; i++) {
                events[i] = event();
                unlabelled.add(events[i]);
            }
            return stream.traffic(events);
        }
        LabeledExample[] examples = new LabeledExample[random.nextInt(14)];
        for (int i = 0; i < examples.length; i++) {
            boolean late = !unlabelled.isEmpty() && random.nextInt(4) > 0;
            Event event = late ? unlabelled.remove(random.nextInt(unlabelled.size())) : event();
            boolean label = event.numeric()[0] + random.nextGaussian() > 0;
            examples[i] = LineFixture.example(event.id(), event.numeric()[0], event.numeric()[1], label);
        }
        return stream.labeled(examples);
    }

    /** Now and then an id comes a second time. */
    private Event event() {
        int id = random.nextInt(10) == 0 ? random.nextInt(ids + 1) : ids++;
        return LineFixture.event("e" + id, (float) random.nextGaussian(), (float) random.nextGaussian());
    }
}
