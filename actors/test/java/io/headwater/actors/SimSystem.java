package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Random;

/**
 * An actor system without threads and without a clock: one message at a time is handled when the test says so, and time
 * passes when it says so. One serves all simulations of a JVM, one after the other, because it takes long to start.
 */
final class SimSystem {
    private sealed interface Command {}

    private record Start(String name, Behavior<?> tree) implements Command {}

    private record Stop(String name) implements Command {}

    private static final String CONFIG = """
            akka.loggers = []
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.log-dead-letters = off
            akka.scheduler.implementation = io.headwater.actors.SimScheduler
            akka.actor.default-dispatcher { type = Dispatcher, executor = "io.headwater.actors.SimDispatcher", throughput = 1 }
            akka.actor.internal-dispatcher = akka.actor.default-dispatcher
            headwater-training-dispatcher = akka.actor.default-dispatcher
            headwater-blocking-dispatcher = akka.actor.default-dispatcher
            """;

    private static final class Holder {
        private static final SimSystem ONE = new SimSystem();
    }

    private final ActorSystem<Command> system;
    private final SimScheduler scheduler;

    private SimSystem() {
        Config usual = ConfigFactory.defaultReference();
        Config config = ConfigFactory.parseString(CONFIG).withFallback(usual).resolve();
        system = ActorSystem.create(root(), "simulation", config);
        scheduler = SimScheduler.last();
        try {
            SimDispatcher.EXECUTOR.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the actor system started", e);
        }
        while (SimDispatcher.EXECUTOR.runOne(new Random(0))) {
            // What starting left over.
        }
    }

    static SimSystem get() {
        return Holder.ONE;
    }

    SimScheduler scheduler() {
        return scheduler;
    }

    SimExecutor executor() {
        return SimDispatcher.EXECUTOR;
    }

    /** Starts a tree of actors. */
    void start(String name, Behavior<?> tree) {
        system.tell(new Start(name, tree));
    }

    /** Stops the tree; it has stopped when nothing of it waits to run. */
    void stop(String name) {
        system.tell(new Stop(name));
    }

    private static Behavior<Command> root() {
        return Behaviors.setup(context -> Behaviors.receive(Command.class)
                .onMessage(Start.class, start -> {
                    context.spawn(start.tree(), start.name());
                    return Behaviors.same();
                })
                .onMessage(Stop.class, stop -> {
                    context.getChild(stop.name()).ifPresent((ActorRef<Void> child) -> context.stop(child));
                    return Behaviors.same();
                })
                .build());
    }
}
