package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.headwater.api.HealthSource.Training;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.ModelConfig.Approval;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.StreamPosition;
import io.headwater.gate.GateSettings;
import io.headwater.kafka.PollSettings;
import io.headwater.kafka.PolledBatch;
import io.headwater.kafka.Polling;
import io.headwater.kafka.RecordDecoder;
import io.headwater.kafka.ScoringSettings;
import io.headwater.kafka.SimClients;
import io.headwater.kafka.SimLoop;
import io.headwater.kafka.SimScoring;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.learn.Learner;
import io.headwater.line.LearningLine;
import io.headwater.line.LineState;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.LogisticLearner;
import io.headwater.line.StepOutcome;
import io.headwater.line.TrainingRun;
import io.headwater.line.VersionSource;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.serve.ServedModel;
import io.headwater.simulation.SimProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of the service: the actors of one model as they ship, on a simulated disk, simulated topics and a clock
 * that is told. Its loops have no threads; whoever runs the simulation takes their turns.
 */
final class SimService implements TrainingParts, AutoCloseable {
    private static final int KEPT = 2;
    private static final Duration ANNOUNCE_EVERY = Duration.ofMillis(200);

    /** Told what the trainer does. */
    interface Watcher {
        void recovered(LearningLine line);

        void stepped(StepOutcome outcome, LearningLine line);
    }

    /** What is around the process. */
    record World(
            SimProcess process,
            Path disk,
            SimClients clients,
            Clock clock,
            SimScheduler scheduler,
            SimLife life,
            Planted planted) {}

    private final World world;
    private final String name;
    private final Watcher watcher;
    private final Telemetry telemetry = new Telemetry(SimModel.METERS);
    private final VersionStore store;
    private final ModelSlot slot = new ModelSlot();
    private final List<SimLoop> loops = new ArrayList<>();
    private @Nullable ActorRef<RegistryActor.Command> registry;
    private int labelsInFlight;
    /** A checkpoint of before the last erasure, for a fault. */
    private Optional<Planted.Copy> kept = Optional.empty();

    private @Nullable SimScoring scoring;

    private SimService(World world, String name, Watcher watcher, VersionStore store) {
        this.world = world;
        this.name = name;
        this.watcher = watcher;
        this.store = store;
    }

    /** Opens the model, making version 1 where there is none, and starts its actors. */
    static SimService start(World world, String name, Watcher watcher) {
        world.planted().starting(world.disk().resolve(SimModel.NAME));
        VersionStore store = VersionStore.open(world.disk(), SimModel.NAME, KEPT);
        SimService service = new SimService(world, name, watcher, store);
        if (world.planted() == Planted.OFFSETS_LEFT_OUT) {
            world.clients().forgetOffsets();
        }
        try {
            service.openModel();
        } catch (RuntimeException | Error e) {
            service.close();
            throw e;
        }
        SimSystem.get().start(name, service.tree());
        return service;
    }

    private void openModel() {
        LogisticLearner source = SimModel.learner();
        if (store.numbers().isEmpty()) {
            byte[] onnx = source.export();
            store.source().keep(source.checkpoint(), SourceRows.BYTES, Map.of());
            store.add(SimModel.source(source, onnx), onnx, source.checkpoint());
        }
        if (store.served().isEmpty()) {
            store.serve(LineState.FROZEN_VERSION, AuditRecord.GATE, Action.PROMOTE, "source", 0);
        }
        long served = store.served().getAsLong();
        slot.swap(ServedModel.load(SimModel.NAME, served, store.onnx(served), SimModel.SCHEMA.rows()));
        telemetry.serves(served, 0);
    }

    /** As {@link ModelActor} has them; the scoring loop has no actor here. */
    private Behavior<Void> tree() {
        return Behaviors.setup(context -> {
            ActorRef<ServingActor.Command> serving = context.spawn(
                    Behaviors.supervise(ServingActor.create(
                                    SimModel.NAME, SimModel.SCHEMA.rows(), slot, telemetry, world.clock()))
                            .onFailure(SupervisorStrategy.resume()),
                    "serving");
            ActorRef<RegistryActor.Command> own = context.spawn(
                    Behaviors.supervise(RegistryActor.create(
                                    store,
                                    SimModel::manifest,
                                    world.planted().serving(context, serving),
                                    world.clock(),
                                    telemetry,
                                    role(context),
                                    keepers()))
                            .onFailure(SupervisorStrategy.resume()),
                    "registry");
            registry = own;
            ActorRef<RegistryActor.Command> seen = world.planted().registry(context, own, store);
            context.spawn(TrainingActor.create(this, seen), "training");
            return Behaviors.empty();
        });
    }

    private RegistryActor.Role role(ActorContext<Void> context) {
        if (!world.life().followed()) {
            return RegistryActor.Role.ALONE;
        }
        ActorRef<AnnouncingActor.Command> announcing = context.spawn(
                AnnouncingActor.create(
                        () -> world.clients().models(SimModel.VERSIONS, store, SimModel.NAME, world.disk()),
                        store,
                        ANNOUNCE_EVERY,
                        backOff()),
                "announcing");
        return new RegistryActor.Role(Optional.of(announcing), "");
    }

    private Erasing.Keepers keepers() {
        return new Erasing.Keepers() {
            @Override
            public Learner learner(String settingsSha256) {
                return world.planted().keeper(world.life().learner().open());
            }

            @Override
            public Optional<byte[]> sourceRowsWithout(List<Long> keys) {
                world.planted().keeps(checkpoints(), kept);
                return SourceRows.without(store.source().rows().orElseThrow(), keys);
            }
        };
    }

    private Path checkpoints() {
        return world.disk().resolve(SimModel.NAME).resolve("checkpoints");
    }

    /** Sends an operator's request; false while there is nobody to take it. */
    boolean ask(RegistryActor.Command request) {
        ActorRef<RegistryActor.Command> to = registry;
        if (to != null) {
            to.tell(request);
        }
        return to != null;
    }

    SimProcess process() {
        return world.process();
    }

    SimClients clients() {
        return world.clients();
    }

    ModelSlot slot() {
        return slot;
    }

    List<SimLoop> loops() {
        return loops;
    }

    /** Takes a turn of the scoring loop, which is made anew where it could not go on. */
    void score() {
        SimScoring running = scoring;
        if (running == null || running.hasEnded()) {
            stopScoring();
            ScoringSettings settings = new ScoringSettings(
                    SimModel.NAME,
                    "scorers",
                    "0",
                    SimModel.EVENTS,
                    SimModel.SCORES,
                    SimModel.DEAD_LETTERS,
                    ScoreCodec.Format.JSON,
                    Duration.ofMillis(10));
            running = world.clients()
                    .scoring(
                            settings, SimModel.CODEC, new Scorer(SimModel.rows(), slot), world.clock(), this::nanoTime);
            scoring = running;
        }
        running.turn();
    }

    private void stopScoring() {
        if (scoring != null) {
            scoring.close();
            scoring = null;
        }
    }

    /** Labelled records that were handed over and not learned yet. */
    int labelsInFlight() {
        return labelsInFlight;
    }

    /** True if training has ended for good in this process. */
    boolean hasEnded() {
        return telemetry.training() == Training.ENDED;
    }

    /** Stops the actors; they have stopped when nothing of them waits to run, and then {@link #close} comes. */
    void stop() {
        SimSystem.get().stop(name);
    }

    @Override
    public void close() {
        stopScoring();
        slot.close();
        store.close();
    }

    // ---- the parts of the training half

    @Override
    public String name() {
        return SimModel.NAME;
    }

    @Override
    public TrainingRun open() {
        LearningLine line = SimModel.line(
                world.planted().learner(world.life().learner().open()),
                VersionSource.of(store),
                world.planted().falseAlarms());
        return TrainingRun.open(
                line,
                new TrainingRun.Surroundings(
                        SimModel.NAME,
                        () -> world.planted()
                                .lineage(world.clients()
                                        .lineage(
                                                SimModel.LINEAGE,
                                                SimModel.NAME,
                                                SimModel.DEAD_LETTERS,
                                                SimModel.CODEC)),
                        () -> world.clients().inputs(SimModel.CODEC),
                        new CheckpointStore(checkpoints(), KEPT),
                        store,
                        "",
                        world.clock(),
                        new Told()));
    }

    private final class Told implements TrainingRun.Watcher {
        @Override
        public void recovered(LearningLine line) {
            telemetry.recovered(line);
            watcher.recovered(line);
        }

        @Override
        public void stepped(StepOutcome outcome, int refused, long tookNs, LearningLine line) {
            telemetry.stepped(outcome, refused, tookNs, line);
            if (outcome.learned().isPresent()) {
                labelsInFlight -= outcome.record().examples() + refused;
            }
            if (outcome.record().kind() == Kind.ERASED) {
                kept = world.planted().newest(checkpoints());
            }
            watcher.stepped(outcome, line);
        }
    }

    @Override
    public Approval approval() {
        return world.planted().approval(world.life().approval() ? Approval.REQUIRED : Approval.AUTOMATIC);
    }

    @Override
    public Optional<String> hold() {
        return world.life().hold(store, world.clock().millis());
    }

    @Override
    public GateSettings gateSettings() {
        return world.planted().gate(SimModel.GATE);
    }

    @Override
    public BatchActor.Settings batchSettings() {
        return new BatchActor.Settings(world.life().batch(), Duration.ofMillis(50));
    }

    @Override
    public TrainerActor.Cadence cadence() {
        return new TrainerActor.Cadence(8, Duration.ofMillis(100), Duration.ofMillis(250));
    }

    @Override
    public int trafficRowsPerSecond() {
        return 200;
    }

    @Override
    public IngestActor.Source<LabeledExample> labelSource(StreamPosition position) {
        labelsInFlight = 0;
        PollSettings settings =
                PollSettings.everything("labels", SimModel.LABELS, world.life().maxPoll());
        return (sink, onFailure) ->
                loop(settings, world.planted().from(position), SimModel.CODEC::labeled, counted(sink), onFailure);
    }

    private Consumer<PolledBatch<LabeledExample>> counted(Consumer<PolledBatch<LabeledExample>> sink) {
        return batch -> {
            labelsInFlight += batch.size();
            sink.accept(batch);
        };
    }

    @Override
    public IngestActor.Source<Event> trafficSource(StreamPosition position) {
        PollSettings settings = new PollSettings(
                "traffic",
                SimModel.EVENTS,
                PollSettings.Start.LATEST,
                world.life().maxPoll(),
                20);
        return (sink, onFailure) -> loop(settings, position, SimModel.CODEC::event, sink, onFailure);
    }

    private <T> Polling loop(
            PollSettings settings,
            StreamPosition position,
            RecordDecoder<T> decoder,
            Consumer<PolledBatch<T>> sink,
            Consumer<StreamStoppedException> onFailure) {
        SimLoop loop = world.clients().poll(settings, position, decoder, sink, onFailure);
        loops.removeIf(SimLoop::hasEnded);
        loops.add(loop);
        return world.planted().polling(loop);
    }

    @Override
    public Telemetry telemetry() {
        return telemetry;
    }

    @Override
    public long nanoTime() {
        return world.scheduler().nowNs();
    }

    @Override
    public BackOff backOff() {
        return SimModel.BACK_OFF;
    }
}
