package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.actors.ServedProcess.Stood;
import io.headwater.fault.KillPoint;
import io.headwater.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code headwater serve} on four partitions, killed with SIGKILL again and again at named points, each time in the
 * middle of something, and started again in the same folder. After each kill and at the end the books have to be right.
 * {@code -Dkills=200 -Dseed=7} asks for more kills, or others; {@code -Dpoints=SWAP,POLL} for some of the points only, and
 * {@code -Dlearner=gradient} for one learner only. The mixture, which a table gets by default, has most of the kills; the
 * gradient learner those in its own steps.
 */
class KillSuiteIT {
    private static final int KILLS = Integer.getInteger("kills", 20);
    private static final long SEED = Long.getLong("seed", 20261121);
    private static final String LEARNER = System.getProperty("learner", "");
    private static final String POINTS = System.getProperty("points", "");
    private static final int EVENTS_PER_SECOND = 200;

    @TempDir
    Path work;

    private int lives;

    /** Where a process is to be killed: the Nth time that it comes to a point. */
    private record Kill(KillPoint point, int arrival) {
        /** How often a point is passed in the first second or two of a process' work, about. */
        private static int usual(KillPoint point) {
            return switch (point) {
                case POLL, OFFSET_COMMIT, LEARNED -> 60;
                case FORWARD, BACKWARD, OPTIMIZER_STEP -> 120;
                case FSYNC -> 40;
                case RENAME, LINEAGE_FLUSH, LINEAGE_FLUSHED -> 15;
                case CHECKPOINT_WRITE, VERSION_WRITE, AUDIT_APPEND, CHOICE, VERSION_PUBLISH, SWAP -> 5;
            };
        }

        /** Every point in turn, in an order and at arrivals that the seed decides. */
        static List<Kill> plan(Suite suite, SplittableRandom random) {
            int kills = suite.kills();
            List<Kill> plan = new ArrayList<>();
            while (plan.size() < kills) {
                List<KillPoint> turn = new ArrayList<>(suite.points());
                Collections.shuffle(turn, new Random(random.nextLong()));
                turn.forEach(point -> plan.add(new Kill(point, 1 + random.nextInt(usual(point)))));
            }
            return plan.subList(0, kills);
        }

        @Override
        public String toString() {
            return point + " " + arrival;
        }
    }

    /** The kills of one learner: each of {@code points} in turn. */
    private record Suite(String learner, int kills, EnumSet<KillPoint> points) {
        /** Where only the gradient learner comes: the mixture takes no steps of an optimizer. */
        private static final EnumSet<KillPoint> GRADIENT_ONLY =
                EnumSet.of(KillPoint.FORWARD, KillPoint.BACKWARD, KillPoint.OPTIMIZER_STEP);

        static Suite of(String learner, int kills) {
            if (!POINTS.isEmpty()) {
                return new Suite(
                        learner,
                        kills,
                        Arrays.stream(POINTS.split(","))
                                .map(KillPoint::valueOf)
                                .collect(Collectors.toCollection(() -> EnumSet.noneOf(KillPoint.class))));
            }
            return new Suite(
                    learner,
                    kills,
                    learner.equals("mixture") ? EnumSet.complementOf(GRADIENT_ONLY) : EnumSet.allOf(KillPoint.class));
        }

        /** As a parameter of a command that runs the same again. */
        @Override
        public String toString() {
            return "-Dkills=" + kills + " -Dlearner=" + learner;
        }
    }

    static List<Suite> suites() {
        if (!LEARNER.isEmpty() || !POINTS.isEmpty()) {
            return List.of(Suite.of(LEARNER.isEmpty() ? "gradient" : LEARNER, KILLS));
        }
        int inSteps = Math.max(1, KILLS / 6);
        return List.of(Suite.of("mixture", KILLS - inSteps), new Suite("gradient", inSteps, Suite.GRADIENT_ONLY));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void service_killedAtNamedPoints_learnsAndScoresEachRecordOnce(Suite suite) throws Exception {
        String again = "mvn verify -Dtest=none -Dit.test=KillSuiteIT -Dsurefire.failIfNoSpecifiedTests=false -Dseed="
                + SEED + " " + suite + " -Dpoints="
                + suite.points().stream().map(KillPoint::name).collect(Collectors.joining(","));
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(
                        work, work.resolve("models"), broker.bootstrapServers(), "learner = " + suite.learner())) {
            killAll(suite, books, broker.bootstrapServers());
        } catch (AssertionError | Exception e) {
            throw new AssertionError("to see it again: " + again, e);
        }
    }

    private void killAll(Suite suite, ServiceBooks books, String bootstrapServers) throws Exception {
        List<Kill> plan = Kill.plan(suite, new SplittableRandom(SEED));
        Recoveries recoveries = new Recoveries();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                Feed feed = new Feed(bootstrapServers, ServiceBooks.MODEL, EVENTS_PER_SECOND)) {
            HalfDone halfDone = new HalfDone(books.modelFolder(), admin, books.registry());
            for (Kill kill : plan) {
                long startedMs = System.currentTimeMillis();
                kill(kill, books.config(), feed, halfDone);
                books.check();
                recoveries.add(startedMs, books.ledger());
                System.out.println(kill + ": " + books.ledger() + ", version "
                        + books.registry().served() + " serves");
            }
        }
        System.out.println(recoveries);
        try (ServedProcess last = ServedProcess.start(books.config(), work.resolve("last.log"))) {
            books.awaitComplete();
            last.stop();
        }
        books.checkEnd(work.resolve("rebuild.log"));
    }

    private void kill(Kill kill, Path config, Feed feed, HalfDone halfDone) throws Exception {
        Path log = work.resolve(++lives + ".log");
        try (ServedProcess process = ServedProcess.standingAt(kill.point(), kill.arrival(), config, log)) {
            Stood stood;
            try (AutoCloseable on = feed.on()) {
                stood = process.awaitStandstill();
            }
            assertThat(stood.at()).isEqualTo(kill.toString());
            halfDone.checkStanding(kill.point(), stood);
            process.kill();
            halfDone.checkDead(kill.point());
        }
    }
}
