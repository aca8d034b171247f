package io.headwater.actors;

import io.headwater.config.ModelConfig.Approval;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.StreamPosition;
import io.headwater.gate.GateSettings;
import io.headwater.line.TrainingRun;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the training half of one model is made of. */
interface TrainingParts {
    /**
     * How long a half that failed waits before it starts again.
     *
     * @param jitter the share of it that chance adds, so that processes do not start again all at once
     */
    record BackOff(Duration first, Duration most, double jitter) {
        static final BackOff USUAL = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2);
    }

    /** The model's. */
    String name();

    /** A run that goes on where the last one ended; called on the trainer's thread. */
    TrainingRun open();

    GateSettings gateSettings();

    /** Whether an operator has to approve what the gate let pass. */
    default Approval approval() {
        return Approval.AUTOMATIC;
    }

    /** Why operators want nothing to pass the gate now, in one sentence; empty if they do not. */
    default Optional<String> hold() {
        return Optional.empty();
    }

    BatchActor.Settings batchSettings();

    TrainerActor.Cadence cadence();

    int trafficRowsPerSecond();

    IngestActor.Source<LabeledExample> labelSource(StreamPosition position);

    IngestActor.Source<Event> trafficSource(StreamPosition position);

    Telemetry telemetry();

    /** A clock that never steps back, as of {@link System#nanoTime}. */
    long nanoTime();

    BackOff backOff();

    /** The parts of a model that is open. */
    static TrainingParts of(ModelParts parts, OpenedModel opened) {
        return new TrainingParts() {
            @Override
            public String name() {
                return parts.name();
            }

            @Override
            public TrainingRun open() {
                return TrainingRuns.open(parts, opened);
            }

            @Override
            public GateSettings gateSettings() {
                return parts.gateSettings();
            }

            @Override
            public Optional<String> hold() {
                long served = opened.store().served().orElse(0);
                Set<Long> pinned = opened.store().pinned();
                if (pinned.contains(served)) {
                    return Optional.of("version " + served + " serves and is pinned");
                }
                return approval() == Approval.AUTOMATIC
                        ? Optional.empty()
                        : opened.store()
                                .waiting()
                                .flatMap(waits -> waits.holds(
                                        pinned.contains(waits.version()),
                                        parts.clock().millis(),
                                        parts.config().gate().replaceWaiting()));
            }

            @Override
            public Approval approval() {
                return parts.config().gate().approval();
            }

            @Override
            public BatchActor.Settings batchSettings() {
                return parts.batchSettings();
            }

            @Override
            public TrainerActor.Cadence cadence() {
                return parts.cadence();
            }

            @Override
            public int trafficRowsPerSecond() {
                return parts.config().traffic().maxRowsPerSecond();
            }

            @Override
            public IngestActor.Source<LabeledExample> labelSource(StreamPosition position) {
                return parts.labelSource(position);
            }

            @Override
            public IngestActor.Source<Event> trafficSource(StreamPosition position) {
                return parts.trafficSource(position);
            }

            @Override
            public Telemetry telemetry() {
                return parts.telemetry();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public BackOff backOff() {
                return BackOff.USUAL;
            }
        };
    }
}
