package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The pipeline keeps its promises through 200 seeded lives, or as many as {@code -Dsimulation.seeds} says. */
class SimulationTest {
    private static final String FIRST = "simulation.first";
    private static final String SEEDS = "simulation.seeds";
    private static final int USUAL = 200;

    private static final List<String> LOGGERS = List.of(Logger.ROOT_LOGGER_NAME, "io.headwater", "akka");
    private static final Map<String, Level> LEVELS = new HashMap<>();

    /** The one command that runs a seed again. */
    static String command(long seed) {
        return "mvn test -Dtest=SimulationTest#seeds_breakNoPromise -D" + FIRST + "=" + seed + " -D" + SEEDS + "=1";
    }

    /** Failures are what these lives are made of. */
    @BeforeAll
    static void silence() {
        for (String name : LOGGERS) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            LEVELS.put(name, logger.getLevel());
            logger.setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void loud() {
        LEVELS.forEach((name, level) -> ((Logger) LoggerFactory.getLogger(name)).setLevel(level));
    }

    @Test
    void seeds_breakNoPromise() {
        long first = Long.getLong(FIRST, 1);
        long seeds = Long.getLong(SEEDS, USUAL);
        for (long seed = first; seed < first + seeds; seed++) {
            new Simulation(seed, Planted.NOTHING).run();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Planted.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void plantedFault_isFound(Planted fault) {
        for (long seed = 1; seed <= USUAL; seed++) {
            try {
                new Simulation(seed, fault).run();
            } catch (Simulation.BrokenPromise found) {
                return;
            }
        }
        fail("none of " + USUAL + " seeds finds " + fault);
    }

    /** Else nobody knows whether a change of the line in use survives a crash; about a quarter of such lives have one. */
    @Test
    void guardedLives_changeTheLineInUse() {
        int changed = 0;
        for (long seed = 4; seed <= 160; seed += 4) {
            Simulation life = new Simulation(seed, Planted.NOTHING);
            life.run();
            changed += life.switches() > 0 ? 1 : 0;
        }
        assertThat(changed).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {17, 20})
    void sameSeed_livesTheSameLife(long seed) {
        List<String> lives = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            lives.add(new Simulation(seed, Planted.NOTHING).run());
        }
        assertThat(lives.get(0)).isEqualTo(lives.get(1));
    }
}
