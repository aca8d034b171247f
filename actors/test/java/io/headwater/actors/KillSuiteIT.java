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
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code headwater serve} on four partitions, killed with SIGKILL again and again at named points, each time in the
 * middle of something, and started again in the same folder. After each kill and at the end the books have to be right.
 * {@code -Dkills=200 -Dseed=7} asks for more kills, or others; {@code -Dpoints=SWAP,POLL} for some of the points only, and
 * {@code -Dlearner=mixture} for the other learner.
 */
class KillSuiteIT {
    private static final int KILLS = Integer.getInteger("kills", 20);
    private static final long SEED = Long.getLong("seed", 20261121);
    private static final String LEARNER = System.getProperty("learner", "gradient");
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
        static List<Kill> plan(int kills, SplittableRandom random) {
            List<Kill> plan = new ArrayList<>();
            while (plan.size() < kills) {
                List<KillPoint> points = new ArrayList<>(points());
                Collections.shuffle(points, new Random(random.nextLong()));
                points.forEach(point -> plan.add(new Kill(point, 1 + random.nextInt(usual(point)))));
            }
            return plan.subList(0, kills);
        }

        private static List<KillPoint> points() {
            if (!POINTS.isEmpty()) {
                return Arrays.stream(POINTS.split(",")).map(KillPoint::valueOf).toList();
            }
            // The mixture knows no gradients of torch's.
            Set<KillPoint> never = LEARNER.equals("gradient")
                    ? Set.of()
                    : EnumSet.of(KillPoint.FORWARD, KillPoint.BACKWARD, KillPoint.OPTIMIZER_STEP);
            return Arrays.stream(KillPoint.values())
                    .filter(point -> !never.contains(point))
                    .toList();
        }

        @Override
        public String toString() {
            return point + " " + arrival;
        }
    }

    @Test
    void service_killedAtNamedPoints_learnsAndScoresEachRecordOnce() throws Exception {
        String again = "mvn verify -Dtest=none -Dit.test=KillSuiteIT -Dsurefire.failIfNoSpecifiedTests=false -Dkills="
                + KILLS + " -Dseed=" + SEED + " -Dlearner=" + LEARNER + (POINTS.isEmpty() ? "" : " -Dpoints=" + POINTS);
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"));
                ServiceBooks books = ServiceBooks.open(
                        work, work.resolve("models"), broker.bootstrapServers(), "learner = " + LEARNER)) {
            killAll(books, broker.bootstrapServers());
        } catch (AssertionError | Exception e) {
            throw new AssertionError("to see it again: " + again, e);
        }
    }

    private void killAll(ServiceBooks books, String bootstrapServers) throws Exception {
        List<Kill> plan = Kill.plan(KILLS, new SplittableRandom(SEED));
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
