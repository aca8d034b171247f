package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import io.headwater.kafka.Announcement;
import io.headwater.kafka.ModelsReader;
import io.headwater.kafka.SimClients;
import io.headwater.kafka.SimFollow;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.ServedModel;
import io.headwater.simulation.SimProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One process that only serves: its actors as they ship, on a disk of its own. */
final class SimFollower implements AutoCloseable {
    private static final int KEPT = 2;
    private static final int PATIENCE = 40;

    /** What is around the process. */
    record World(SimProcess process, Path disk, SimClients clients, Clock clock, Planted planted) {}

    private final World world;
    private final String name;
    private final VersionStore store;
    private final Telemetry telemetry = new Telemetry(SimModel.METERS);
    private final ModelSlot slot = new ModelSlot();
    private @Nullable SimFollow follow;

    private SimFollower(World world, String name, VersionStore store) {
        this.world = world;
        this.name = name;
        this.store = store;
    }

    /** Opens the model, fetching it where it is not there, and starts its actors. */
    static SimFollower start(World world, String name) {
        SimFollower follower = new SimFollower(world, name, VersionStore.open(world.disk(), SimModel.NAME, KEPT));
        try {
            follower.openModel();
        } catch (RuntimeException | Error e) {
            follower.close();
            throw e;
        }
        SimSystem.get().start(name, follower.tree());
        return follower;
    }

    /** As {@link Followed#bootstrap} and {@link OpenedModel} do. */
    private void openModel() {
        if (store.served().isEmpty()) {
            try (ModelsReader reader = world.clients().announced(SimModel.VERSIONS, SimModel.NAME)) {
                Optional<Announcement> announced = Optional.empty();
                for (int i = 0; i < PATIENCE && announced.isEmpty(); i++) {
                    announced = reader.poll();
                }
                Announcement first = announced.orElseThrow(() -> new IllegalStateException("no version was announced"));
                Followed.keep(store, first, reader.source(first));
            }
        }
        long served = store.served().orElseThrow();
        slot.swap(ServedModel.load(SimModel.NAME, served, store.onnx(served), SimModel.SCHEMA.rows()));
    }

    private Behavior<Void> tree() {
        return Behaviors.setup(context -> {
            ActorRef<ServingActor.Command> serving = context.spawn(
                    Behaviors.supervise(ServingActor.create(
                                    SimModel.NAME, SimModel.SCHEMA.rows(), slot, telemetry, world.clock()))
                            .onFailure(SupervisorStrategy.resume()),
                    "serving");
            context.spawn(
                    FollowingActor.create(
                            (sink, onFailure) -> {
                                SimFollow own = world.clients()
                                        .follow(
                                                SimModel.VERSIONS,
                                                SimModel.NAME,
                                                store.followed(),
                                                world.planted().announcements(sink),
                                                onFailure);
                                follow = own;
                                return own::close;
                            },
                            store,
                            (version, onnx) -> ServedModel.load(SimModel.NAME, version, onnx, SimModel.SCHEMA.rows())
                                    .retire(),
                            serving,
                            world.clock(),
                            SimModel.BACK_OFF),
                    "following");
            return Behaviors.empty();
        });
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

    /** What reads the topic; another one after each start of the following actor. */
    @Nullable
    SimFollow reading() {
        return follow;
    }

    VersionStore store() {
        return store;
    }

    /** Looks once whether something was announced. */
    void turn() {
        if (follow != null) {
            follow.turn();
        }
    }

    /** Stops the actors; they have stopped when nothing of them waits to run, and then {@link #close} comes. */
    void stop() {
        SimSystem.get().stop(name);
    }

    @Override
    public void close() {
        slot.close();
        store.close();
    }
}
