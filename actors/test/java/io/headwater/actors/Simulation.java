package io.headwater.actors;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.event.RowKey;
import io.headwater.kafka.SimBroker;
import io.headwater.kafka.SimClients;
import io.headwater.kafka.SimLoop;
import io.headwater.registry.AuditRecord.Action;
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
import java.util.ArrayList;
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
    private static final double TROUBLE = 0.15;
    private static final List<Action> ACTIONS = List.of(
            Action.PROMOTE, Action.ROLL_BACK, Action.PROMOTE, Action.ROLL_BACK, Action.PIN, Action.UNPIN, Action.UNPIN);

    private final long seed;
    private final Random random;
    private final Planted planted;
    private final SimSystem system = SimSystem.get();
    private final SimDisk disk;
    private final SimDisk followersDisk;
    private final SimBroker broker;
    private final SimStreams streams;
    private final PublishedVersions versions;
    private final SimLife life;
    private final Promises promises;
    private final long startNs = system.scheduler().nowNs();
    private final Deque<String> told = new ArrayDeque<>();
    private @Nullable SimService service;
    private final List<SimFollower> stopping = new ArrayList<>();
    private @Nullable SimFollower follower;
    private int processes;
    private long clockSkewMs;
    private long step;
    private int crashes;
    private int letters;
    /** A second trainer has been there: the one that runs is to end. */
    private boolean fenced;

    Simulation(long seed, Planted planted) {
        this.seed = seed;
        this.random = new Random(seed);
        this.planted = planted;
        this.disk = new SimDisk(planted.forces());
        this.followersDisk = new SimDisk();
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
            endFollower(false);
            drain();
            stopping.forEach(SimFollower::close);
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
            promises.check(running);
        } else {
            promises.look();
        }
        checkFollower();
        String broken = promises.broken();
        if (broken != null) {
            throw new BrokenPromise(seed, step, broken, List.copyOf(told));
        }
    }

    private void checkFollower() {
        SimFollower following = follower;
        if (following != null && following.process().isDead()) {
            tell("follower died at " + following.process().diedAt());
            endFollower(random.nextBoolean());
        } else if (following != null) {
            promises.announced().check(following);
        }
    }

    // ---- one step

    private void act() {
        SimService running = service;
        if (life.followed() && random.nextInt(8) == 0) {
            follow();
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
            operator(running);
        } else if (choice < 450) {
            erase(running);
        } else if (choice < 500 && versions.waits() > 0) {
            answer(running);
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

    /** One step of the process that only serves. */
    private void follow() {
        SimFollower following = follower;
        if (following == null) {
            startFollower();
            return;
        }
        switch (random.nextInt(20)) {
            case 0 -> {
                int acts = 1 + random.nextInt(12);
                tell("follower dies after " + acts + " acts");
                following.process().dieAfter(acts);
            }
            case 1 -> following.clients().trouble(random.nextBoolean() ? TROUBLE : 0);
            case 2 -> {
                followersDisk.full(!followersDisk.isFull());
                tell("the follower's disk " + (followersDisk.isFull() ? "is full" : "has room"));
            }
            case 3 -> broker.compact(SimModel.VERSIONS);
            default -> following.turn();
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
            Path root = followersDisk.root(new SimProcess(-1));
            try (VersionStore none = VersionStore.forReading(root, "none")) {
                second.models(SimModel.VERSIONS, none, SimModel.NAME, root).close();
            }
        }
        promises.announced().shutOut(broker.epoch(SimModel.ANNOUNCER));
    }

    private void operator(SimService running) {
        TestInbox<Answer<Long>> answer = TestInbox.create();
        OptionalLong version = random.nextInt(3) == 0 ? OptionalLong.empty() : OptionalLong.of(1 + random.nextInt(8));
        Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
        tell("operator: " + action + " " + version);
        running.ask(new RegistryActor.Choose(version, action, "ann", "", answer.getRef()));
    }

    private void erase(SimService running) {
        int first = random.nextInt(SimStreams.OWNERS);
        int second = random.nextInt(SimStreams.OWNERS);
        String why = "letter " + ++letters;
        tell("operator: erase " + SimStreams.owner(first) + " and " + SimStreams.owner(second) + ", " + why);
        List<Long> keys = List.of(RowKey.of(SimStreams.owner(first)), RowKey.of(SimStreams.owner(second)));
        TestInbox<Answer<Erasure>> answer = TestInbox.create();
        running.ask(new RegistryActor.Erase(keys, "ann", why, answer.getRef()));
    }

    /** For the version that waits, by what the operator saw; it may be another by the time that she is heard. */
    private void answer(SimService running) {
        long waits = random.nextInt(5) == 0 ? 1 + random.nextInt(8) : versions.waits();
        Action action = random.nextInt(4) == 0 ? Action.REJECT : Action.APPROVE;
        if (waits > 0) {
            tell("operator: " + action + " " + waits);
            TestInbox<Answer<Long>> answer = TestInbox.create();
            running.ask(new RegistryActor.Choose(OptionalLong.of(waits), action, "bob", "", answer.getRef()));
        }
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

    private void startFollower() {
        SimProcess process = new SimProcess(++processes);
        SimClients clients = new SimClients(broker, process, random);
        if (random.nextInt(4) == 0) {
            process.dieAfter(1 + random.nextInt(30));
        }
        SimFollower.World world =
                new SimFollower.World(process, followersDisk.root(process), clients, new SimClock(), planted);
        try {
            follower = SimFollower.start(world, "seed-" + seed + "-" + processes);
            tell("started follower " + processes);
        } catch (Crash | RuntimeException e) {
            tell("follower " + processes + " does not start: " + e.getMessage());
            process.kill();
            if (random.nextBoolean()) {
                followersDisk.losePower(random);
            }
        }
    }

    /** Its actors stop when their turn comes: the trainer's are in the midst of their work. */
    private void endFollower(boolean powerLost) {
        SimFollower ending = follower;
        if (ending != null) {
            ending.process().kill();
            ending.stop();
            stopping.add(ending);
            follower = null;
        }
        if (powerLost) {
            followersDisk.losePower(random);
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
        followersDisk.full(false);
        streams.endAll();
        if (fenced) {
            end(false);
        }
        if (follower != null) {
            follower.clients().trouble(0);
            follower.process().dieAfter(Long.MAX_VALUE / 2);
        }
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
            } else if (life.followed() && follower == null) {
                startFollower();
                heal();
            } else if (running.hasEnded()) {
                end(false);
            } else {
                running.loops().stream().toList().forEach(SimLoop::turn);
                running.score();
                if (versions.waits() > 0 && random.nextInt(50) == 0) {
                    answer(running);
                }
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
