package io.headwater.actors;

import io.headwater.kafka.SimBroker;
import io.headwater.kafka.SimClients;
import io.headwater.kafka.SimLoop;
import io.headwater.registry.VersionStore;
import io.headwater.simulation.Crash;
import io.headwater.simulation.SimDisk;
import io.headwater.simulation.SimProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One life of a model's pipeline, decided by a seed: the actors as they ship, one message at a time in any order that
 * they could come in, with processes that die at any write, requests that are not answered, a disk that is full at times
 * and loses what was not forced, a second trainer, late timers, a clock that steps back and an operator who changes her
 * mind. After each step the {@link Promises} are checked; at the end the world is well again, and everything that was
 * asked for has to be done.
 */
final class Simulation {
    private static final int STEPS = 700;
    private static final int MOST_LAST_STEPS = 30_000;
    private static final int TOLD = 40;
    static final double TROUBLE = 0.15;

    private final long seed;
    private final Random random;
    private final Planted planted;
    private final SimSystem system = SimSystem.get();
    private final SimDisk disk;
    private final SimOperators operators;
    private final SimFollowers followers;
    private final SimBroker broker;
    private final SimStreams streams;
    private final PublishedVersions versions;
    private final SimLife life;
    private final Promises promises;
    private final long startNs = system.scheduler().nowNs();
    private final Deque<String> told = new ArrayDeque<>();
    private @Nullable SimService service;
    private int processes;
    private long clockSkewMs;
    private long step;
    private int crashes;
    /** A second trainer has been there: the one that runs is to end. */
    private boolean fenced;

    Simulation(long seed, Planted planted) {
        this.seed = seed;
        this.random = new Random(seed);
        this.planted = planted;
        this.disk = new SimDisk(planted.forces());
        this.broker = new SimBroker(random);
        broker.createTopic(SimModel.EVENTS, SimModel.PARTITIONS);
        broker.createTopic(SimModel.LABELS, SimModel.PARTITIONS);
        broker.createTopic(SimModel.SCORES, 1);
        broker.createTopic(SimModel.LINEAGE, 1);
        broker.createTopic(SimModel.DEAD_LETTERS, 1);
        broker.createTopic(SimModel.VERSIONS, 1);
        this.life = SimLife.of(seed);
        this.streams = new SimStreams(broker, random, life);
        this.versions = new PublishedVersions(disk, life);
        this.promises = new Promises(life, broker, new SimClients(broker, new SimProcess(0), new Random(0)), versions);
        this.operators = new SimOperators(random, versions, this::tell);
        this.followers = new SimFollowers(
                "seed-" + seed + "-follower-",
                random,
                broker,
                new SimClock(),
                planted,
                promises.announced(),
                this::tell);
    }

    /**
     * Runs it to its end.
     *
     * @return in a few words what happened
     * @throws BrokenPromise if a promise is broken
     */
    String run() {
        try {
            for (step = 1; step <= STEPS; step++) {
                act();
                check();
            }
            heal();
            settle();
            return promises.summary() + ", " + crashes + " crashes";
        } finally {
            end(false);
            followers.end();
            drain();
            followers.close();
            system.scheduler().clear();
            promises.close();
        }
    }

    /** How often a guard changed the line in use. */
    long switches() {
        return promises.switches();
    }

    /** How often the stream was found to have changed. */
    long alarms() {
        return promises.alarms();
    }

    private void check() {
        SimService running = service;
        if (running != null && running.process().isDead()) {
            tell("process died at " + running.process().diedAt());
            end(random.nextBoolean());
        } else if (running != null) {
            promises.look(running);
        } else {
            promises.look();
        }
        followers.check();
        String broken = promises.broken();
        if (broken != null) {
            throw new BrokenPromise(seed, step, broken, List.copyOf(told));
        }
    }

    // ---- one step

    private void act() {
        SimService running = service;
        if (life.followed() && random.nextInt(8) == 0) {
            followers.step();
            return;
        }
        int choice = random.nextInt(1000);
        if (choice < 60) {
            streams.labels();
        } else if (choice < 110) {
            streams.events();
        } else if (choice < 130) {
            streams.endTransaction();
        } else if (running == null) {
            start();
        } else if (choice < 180) {
            running.score();
        } else if (choice < 300) {
            turn(running);
        } else if (choice < 400) {
            passTime();
        } else if (choice < 430 && !(life.calm() && random.nextInt(4) > 0)) {
            misfortune(running);
        } else if (choice < 440) {
            operators.choose(running);
        } else if (choice < 450) {
            operators.erase(running);
        } else if (choice < 500 && versions.waits() > 0) {
            operators.answer(running);
        } else if (!system.executor().runOne(random)) {
            passTime();
        }
    }

    private void turn(SimService running) {
        List<SimLoop> loops = running.loops();
        if (!loops.isEmpty()) {
            loops.get(random.nextInt(loops.size())).turn();
        }
    }

    private void passTime() {
        SimScheduler scheduler = system.scheduler();
        OptionalLong next = scheduler.nextNs();
        if (next.isPresent()) {
            // Timers come late, and then several at once.
            long late = random.nextInt(4) == 0 ? random.nextInt(50_000_000) : 0;
            scheduler.advanceTo(next.getAsLong() + late);
        }
        broker.time(nowMs());
    }

    private long nowMs() {
        return 1_000_000 + clockSkewMs + (system.scheduler().nowNs() - startNs) / 1_000_000;
    }

    private void misfortune(SimService running) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> {
                int acts = 1 + random.nextInt(25);
                tell("dies after " + acts + " acts");
                running.process().dieAfter(acts);
            }
            case 4 -> {
                tell("killed");
                running.process().kill();
            }
            case 5, 6 -> {
                tell("requests are not answered");
                running.clients().trouble(random.nextBoolean() ? TROUBLE : 0);
            }
            case 7 -> {
                boolean full = !disk.isFull();
                tell(full ? "the disk is full" : "the disk has room");
                disk.full(full);
            }
            case 8 -> {
                if (life.followed() || random.nextInt(3) == 0) {
                    tell("a second trainer opens the lineage");
                    fence();
                }
            }
            default -> {
                streams.drift();
                clockSkewMs -= random.nextInt(1000);
            }
        }
    }

    /** A second trainer shuts out the first, which ends at its next word, or at first in announcing alone. */
    private void fence() {
        SimClients second = new SimClients(broker, new SimProcess(-1), random);
        fenced = true;
        if (life.followed()) {
            fenceAnnouncer(second);
            if (random.nextBoolean()) {
                return;
            }
        }
        second.lineage(SimModel.LINEAGE, SimModel.NAME, SimModel.DEAD_LETTERS, SimModel.CODEC)
                .close();
    }

    private void fenceAnnouncer(SimClients second) {
        if (planted != Planted.ANNOUNCER_NOT_FENCED) {
            Path root = followers.nowhere();
            try (VersionStore none = VersionStore.forReading(root, "none")) {
                second.models(SimModel.VERSIONS, none, SimModel.NAME, root).close();
            }
        }
        promises.announced().shutOut(broker.epoch(SimModel.ANNOUNCER));
    }

    // ---- processes

    private void start() {
        SimProcess process = new SimProcess(++processes);
        SimClients clients = new SimClients(broker, process, random);
        if (random.nextInt(4) == 0) {
            process.dieAfter(1 + random.nextInt(60));
        }
        fenced = false;
        SimService.World world = new SimService.World(
                process, disk.root(process), clients, new SimClock(), system.scheduler(), life, planted);
        try {
            service = SimService.start(world, "seed-" + seed + "-" + processes, promises);
            tell("started process " + processes);
        } catch (Crash | RuntimeException e) {
            tell("process " + processes + " does not start: " + e.getMessage());
            process.kill();
            if (random.nextBoolean()) {
                disk.losePower(random);
            }
        }
    }

    /** Until nothing waits to run: what was stopped has stopped, one message after the other. */
    private void drain() {
        while (system.executor().runOne(random)) {
            // Its part is done.
        }
    }

    /** Ends the process; what its actors still do is nothing to the world. */
    private void end(boolean powerLost) {
        SimService ending = service;
        if (ending != null) {
            crashes++;
            ending.process().kill();
            ending.stop();
            drain();
            ending.close();
            service = null;
        }
        if (powerLost) {
            tell("power lost");
            disk.losePower(random);
        }
    }

    // ---- the end

    private void heal() {
        tell("all is well");
        disk.full(false);
        streams.endAll();
        if (fenced) {
            end(false);
        }
        followers.heal();
        if (service != null) {
            service.clients().trouble(0);
            service.process().dieAfter(Long.MAX_VALUE / 2);
        }
    }

    /** Goes on until everything that was asked for is done, or it is clear that it never will be. */
    private void settle() {
        Optional<String> missing = Optional.of("no process runs");
        for (int i = 0; i < MOST_LAST_STEPS && missing.isPresent(); i++, step++) {
            SimService running = service;
            if (running == null) {
                start();
                heal();
            } else if (life.followed() && followers.running() == null) {
                followers.start();
                heal();
            } else if (running.hasEnded()) {
                end(false);
            } else {
                running.loops().stream().toList().forEach(SimLoop::turn);
                running.score();
                if (versions.waits() > 0 && random.nextInt(50) == 0) {
                    operators.answer(running);
                }
                SimFollower follower = followers.running();
                if (follower != null) {
                    follower.turn();
                }
                if (!system.executor().runOne(random)) {
                    missing = promises.missing(running, follower);
                    passTime();
                }
            }
            check();
        }
        if (missing.isPresent()) {
            throw new BrokenPromise(
                    seed, step, "all is well again, but " + missing.get() + ", and it stays so", List.copyOf(told));
        }
    }

    private void tell(String what) {
        told.add(step + ": " + what);
        if (told.size() > TOLD) {
            told.remove();
        }
    }

    /** The clock of a process: it follows the scheduler, and steps back at times. */
    private final class SimClock extends Clock {
        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** A promise was broken; the message says which, when, and how to see it again. */
    static final class BrokenPromise extends AssertionError {
        private static final long serialVersionUID = 1;

        BrokenPromise(long seed, long step, String broken, List<String> told) {
            super("seed " + seed + ", step " + step + ": " + broken + "\nwhat happened before:\n  "
                    + String.join("\n  ", told) + "\nto see it again: " + SimulationTest.command(seed));
        }
    }
}
