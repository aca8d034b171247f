package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.config.ModelConfig;
import io.headwater.learn.Learner;
import io.headwater.offline.VersionOne;
import io.headwater.registry.RegistryException;
import io.headwater.serve.ServedModel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The tree of one served model: serving and scoring on one side, the training half on the other.
 *
 * <pre>
 *   opening --Opened--> serving --Finish--> training finishes --> scoring finishes --> stopped
 *           --OpenFailed--> stopped
 * </pre>
 */
final class ModelActor extends AbstractBehavior<ModelActor.Command> {
    sealed interface Command {}

    /** Finish what is in hand and stop. */
    record Finish() implements Command {}

    /** An operator's request, for the registry; {@code starting} is told while there is none yet. */
    record Administer(RegistryActor.Command request, Runnable starting) implements Command {}

    private record Opened(OpenedModel model) implements Command {}

    private record OpenFailed(Throwable cause) implements Command {}

    static Behavior<Command> create(ModelParts parts) {
        return Behaviors.setup(context -> new ModelActor(context, parts));
    }

    private final ModelParts parts;
    private @Nullable OpenedModel opened;
    private @Nullable ActorRef<RegistryActor.Command> registry;
    private @Nullable ActorRef<TrainingActor.Command> training;
    private boolean finishing;

    private ModelActor(ActorContext<Command> context, ModelParts parts) {
        super(context);
        this.parts = parts;
        Executor blocking = context.getSystem()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("headwater-blocking-dispatcher"));
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> OpenedModel.open(parts), blocking),
                (model, failure) -> model != null ? new Opened(model) : new OpenFailed(failure));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Opened.class, this::onOpened)
                .onMessage(OpenFailed.class, this::onOpenFailed)
                .onMessage(Administer.class, this::onAdminister)
                .onMessage(Finish.class, this::onFinish)
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PostStop.class, this::onStopped)
                .build();
    }

    private Behavior<Command> onOpened(Opened message) {
        OpenedModel model = message.model();
        opened = model;
        parts.serve(model.rows());
        parts.telemetry()
                .serves(model.slot().version(), parts.config().scoring().threads());
        ActorRef<ServingActor.Command> serving = getContext()
                .spawn(
                        Behaviors.supervise(ServingActor.create(
                                        parts.name(),
                                        model.rows().layout(),
                                        model.slot(),
                                        parts.telemetry(),
                                        parts.clock()))
                                .onFailure(SupervisorStrategy.resume()),
                        "serving");
        registry = getContext()
                .spawn(
                        Behaviors.supervise(RegistryActor.create(
                                        model.store(),
                                        model.manifests()::of,
                                        serving,
                                        parts.clock(),
                                        parts.telemetry(),
                                        role(model),
                                        keepers(model)))
                                .onFailure(SupervisorStrategy.resume()),
                        "registry",
                        DispatcherSelector.fromConfig("headwater-blocking-dispatcher"));
        for (int i = 0; i < parts.config().scoring().threads(); i++) {
            getContext().spawn(ScoringActor.create(parts, model, i), "scoring-" + i);
        }
        if (parts.follows()) {
            getContext()
                    .spawn(
                            FollowingActor.create(
                                    parts.announcements(model.store()),
                                    model.store(),
                                    (version, onnx) -> ServedModel.load(
                                                    parts.name(),
                                                    version,
                                                    onnx,
                                                    model.rows().layout())
                                            .retire(),
                                    serving,
                                    parts.clock()),
                            "following",
                            DispatcherSelector.fromConfig("headwater-blocking-dispatcher"));
            parts.telemetry().follows(parts.config().announcing().topic());
        } else {
            training = getContext().spawn(TrainingActor.create(TrainingParts.of(parts, model), registry), "training");
            getContext().watch(training);
        }
        return this;
    }

    private Erasing.Keepers keepers(OpenedModel model) {
        return new Erasing.Keepers() {
            @Override
            public Learner learner(String settingsSha256) {
                if (settingsSha256.isEmpty() || settingsSha256.equals(parts.settingsSha256())) {
                    return parts.learning().learner(whole(model));
                }
                return PastSettings.read(model.store(), parts.name(), settingsSha256, model.one())
                        .map(parts::under)
                        .map(then -> then.learning().learner(whole(model)))
                        .orElseThrow(() -> new RegistryException("the settings that it was made with are not kept"));
            }

            @Override
            public Optional<byte[]> sourceRowsWithout(List<Long> keys) {
                return whole(model).without(keys);
            }
        };
    }

    /** As its registry has it now: rows may have been erased since it was opened. */
    private static VersionOne whole(OpenedModel model) {
        return model.one().withRowsOf(model.store());
    }

    private RegistryActor.Role role(OpenedModel model) {
        ModelConfig.Announcing announcing = parts.config().announcing();
        if (parts.follows()) {
            return new RegistryActor.Role(Optional.empty(), announcing.topic());
        } else if (!announcing.on()) {
            return RegistryActor.Role.ALONE;
        }
        ActorRef<AnnouncingActor.Command> actor = getContext()
                .spawn(
                        AnnouncingActor.create(
                                () -> parts.modelsTopic(model.store()), model.store(), announcing.every()),
                        "announcing",
                        DispatcherSelector.fromConfig("headwater-blocking-dispatcher"));
        return new RegistryActor.Role(Optional.of(actor), "");
    }

    private Behavior<Command> onOpenFailed(OpenFailed message) {
        parts.telemetry().openFailed(message.cause());
        return Behaviors.stopped();
    }

    private Behavior<Command> onAdminister(Administer message) {
        if (registry == null) {
            message.starting().run();
        } else {
            registry.tell(message.request());
        }
        return this;
    }

    /** Training finishes first, so that its last versions still serve; scoring loops finish as the tree stops. */
    private Behavior<Command> onFinish(Finish message) {
        finishing = true;
        if (training == null) {
            return Behaviors.stopped();
        }
        training.tell(new TrainingActor.Finish());
        return this;
    }

    private Behavior<Command> onTerminated(Terminated trainingEnded) {
        training = null;
        return finishing ? Behaviors.stopped() : this;
    }

    private Behavior<Command> onStopped(PostStop signal) {
        OpenedModel model = opened;
        if (model != null) {
            try {
                parts.withdrawAddress();
            } finally {
                model.close();
            }
        }
        return this;
    }
}
