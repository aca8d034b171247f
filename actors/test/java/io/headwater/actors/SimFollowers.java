package io.headwater.actors;

import io.headwater.kafka.SimBroker;
import io.headwater.kafka.SimClients;
import io.headwater.simulation.Crash;
import io.headwater.simulation.SimDisk;
import io.headwater.simulation.SimProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The process of a simulated life that only serves, one after the other on the same disk, and what goes wrong with it. */
final class SimFollowers implements AutoCloseable {
    private final String name;
    private final Random random;
    private final SimBroker broker;
    private final Clock clock;
    private final Planted planted;
    private final AnnouncedVersions announced;
    private final Consumer<String> tell;
    private final SimDisk disk = new SimDisk();
    private final List<SimFollower> stopping = new ArrayList<>();
    private @Nullable SimFollower running;
    private int processes;

    /**
     * @param name no actors of another life are called so
     * @param tell is told what happens
     */
    SimFollowers(
            String name,
            Random random,
            SimBroker broker,
            Clock clock,
            Planted planted,
            AnnouncedVersions announced,
            Consumer<String> tell) {
        this.name = name;
        this.random = random;
        this.broker = broker;
        this.clock = clock;
        this.planted = planted;
        this.announced = announced;
        this.tell = tell;
    }

    /** The process, while there is one. */
    @Nullable
    SimFollower running() {
        return running;
    }

    /** A disk of somebody who has nothing. */
    Path nowhere() {
        return disk.root(new SimProcess(-1));
    }

    /** Nothing goes wrong from here on. */
    void heal() {
        disk.full(false);
        if (running != null) {
            running.clients().trouble(0);
            running.process().dieAfter(Long.MAX_VALUE / 2);
        }
    }

    /** Ends the process; {@link #close} may come when its actors have stopped. */
    void end() {
        end(false);
    }

    /** One step of the process that only serves. */
    void step() {
        SimFollower following = running;
        if (following == null) {
            start();
            return;
        }
        switch (random.nextInt(20)) {
            case 0 -> {
                int acts = 1 + random.nextInt(12);
                tell.accept("follower dies after " + acts + " acts");
                following.process().dieAfter(acts);
            }
            case 1 -> following.clients().trouble(random.nextBoolean() ? Simulation.TROUBLE : 0);
            case 2 -> {
                disk.full(!disk.isFull());
                tell.accept("the follower's disk " + (disk.isFull() ? "is full" : "has room"));
            }
            case 3 -> broker.compact(SimModel.VERSIONS);
            default -> following.turn();
        }
    }

    void check() {
        SimFollower following = running;
        if (following != null && following.process().isDead()) {
            tell.accept("follower died at " + following.process().diedAt());
            end(random.nextBoolean());
        } else if (following != null) {
            announced.look(following);
        }
    }

    void start() {
        SimProcess process = new SimProcess(++processes);
        SimClients clients = new SimClients(broker, process, random);
        if (random.nextInt(4) == 0) {
            process.dieAfter(1 + random.nextInt(30));
        }
        SimFollower.World world = new SimFollower.World(process, disk.root(process), clients, clock, planted);
        try {
            running = SimFollower.start(world, name + processes);
            tell.accept("started follower " + processes);
        } catch (Crash | RuntimeException e) {
            tell.accept("follower " + processes + " does not start: " + e.getMessage());
            process.kill();
            if (random.nextBoolean()) {
                disk.losePower(random);
            }
        }
    }

    /** Its actors stop when their turn comes: the trainer's are in the midst of their work. */
    private void end(boolean powerLost) {
        SimFollower ending = running;
        if (ending != null) {
            ending.process().kill();
            ending.stop();
            stopping.add(ending);
            running = null;
        }
        if (powerLost) {
            disk.losePower(random);
        }
    }

    @Override
    public void close() {
        stopping.forEach(SimFollower::close);
    }
}
