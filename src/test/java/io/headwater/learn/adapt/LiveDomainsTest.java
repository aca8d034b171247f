package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.HeadwaterConfig;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.Trace;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.LiveDomains.Turn;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Targets of a stream: their places, their turns, and what is written of them. */
final class LiveDomainsTest {
    private final DomainStream stream = new DomainStream(1);

    @Test
    void turns_goAround_andGrowWithATargetsOwnSteps() {
        LiveDomains domains = stream.domains(OptionalDouble.of(2), "home");
        domains.arrive(stream.rows(8, "a", 1, 0, 1));
        assertThat(DomainStream.turn(domains).target().name()).isEqualTo("a");
        domains.arrive(stream.rows(8, "b", 1, 0, 1));
        domains.arrive(stream.rows(8, "home", 0, 0, 1));

        assertThat(DomainStream.turn(domains).target().name()).isEqualTo("b");
        Turn second = DomainStream.turn(domains);
        assertThat(second.target().name()).isEqualTo("a");
        assertThat(second.strength()).isCloseTo(2 * (2 / (1 + Math.exp(-10 * 0.2)) - 1), within(1e-12));
        assertThat(DomainStream.turn(domains).target().name()).isEqualTo("b");
        for (int i = 0; i < 30; i++) {
            DomainStream.turn(domains);
        }
        assertThat(DomainStream.turn(domains).strength()).isCloseTo(2 * (2 / (1 + Math.exp(-10)) - 1), within(1e-12));
        assertThat(domains.targets())
                .containsExactly(
                        new TargetState("a", 2, 0, Double.NaN, false, Map.of()),
                        new TargetState("b", 2, 0, Double.NaN, false, Map.of()));
    }

    @Test
    void targets_beyondTheMost_shareTheLast() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "home");
        for (String name : List.of("a", "", "c", "d")) {
            domains.arrive(stream.rows(1, name, 1, 0, 1));
        }
        assertThat(domains.targets()).extracting(TargetState::name).containsExactly("a", "");
        assertThat(domains.turn()).as("one row of 'a' and three of the last").isNotNull();
        assertThat(DomainStream.turn(domains).target().window().size()).isEqualTo(3);
    }

    @Test
    void targetWhoseTrafficEnded_hasNoTurn_untilItGoesOn() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "home");
        domains.arrive(stream.rows(8, "a", 1, 0, 1));
        stream.pass(domains, "home");
        assertThat(domains.turn()).as("it may be quiet for 16 windows").isNotNull();
        domains.arrive(stream.rows(1, "home", 0, 0, 1));

        assertThat(domains.turn()).isNull();
        assertThat(domains.targets().get(0).toString()).isEqualTo("'a' (lambda 1.000, ended)");

        domains.arrive(stream.rows(1, "a", 1, 0, 1));
        assertThat(DomainStream.turn(domains).target().window().size()).isEqualTo(9);
    }

    @Test
    void newTarget_getsThePlaceOfTheOneThatEndedFirst_andNeverOfOneThatGoesOn() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "home");
        domains.arrive(stream.rows(8, "b", 1, 0, 1));
        domains.arrive(stream.rows(8, "a", 1, 0, 1));
        domains.arrive(stream.rows(8, "c", 1, 0, 1));
        assertThat(DomainStream.names(domains)).as("both go on").containsExactly("b", "a");

        // Both end, b before a.
        stream.pass(domains, "home");
        domains.arrive(stream.rows(16, "home", 0, 0, 1));
        domains.arrive(stream.rows(8, "d", 1, 0, 1));
        assertThat(DomainStream.names(domains)).containsExactly("d", "a");
        assertThat(DomainStream.turn(domains).target().window().size())
                .as("it begins with its own rows")
                .isEqualTo(8);
        domains.arrive(stream.rows(8, "e", 1, 0, 1));
        assertThat(DomainStream.names(domains)).containsExactly("d", "e");
    }

    /** The last place is shared by those that find none: that their rows go on does not keep the one that ended there. */
    @Test
    void rowsOfOthersInTheLastPlace_doNotKeepItsTargetAlive() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "home");
        domains.arrive(stream.rows(8, "a", 1, 0, 1));
        domains.arrive(stream.rows(8, "b", 1, 0, 1));
        FeatureBatch both = stream.rows(DomainStream.WINDOW, "a", 1, 0, 1);
        for (int row = 0; row < DomainStream.WINDOW; row += 2) {
            both.setDomain(row, "c");
        }
        for (int i = 0; i < 16; i++) {
            assertThat(DomainStream.names(domains)).containsExactly("a", "b");
            domains.arrive(both);
        }
        domains.arrive(both);
        assertThat(DomainStream.names(domains)).containsExactly("a", "c");
    }

    @Test
    void restored_goesOnAsWritten() {
        LiveDomains domains = stream.domains(OptionalDouble.empty(), "near", "far");
        stream.fill(domains);
        domains.arrive(stream.rows(DomainStream.WINDOW, "a", 1, 0, 1));
        domains.arrive(stream.rows(DomainStream.WINDOW, "b", 4, 0, 1));
        stream.pass(domains, "b");
        stream.learn(domains, 30, "b");
        LiveDomains again = stream.domains(OptionalDouble.empty(), "near", "far");
        again.restore(DomainStream.read(DomainStream.written(domains)));

        FeatureBatch fresh = stream.rows(8, "c", 1, 0, 1);
        for (LiveDomains each : List.of(domains, again)) {
            each.arrive(fresh);
            assertThat(DomainStream.names(each)).containsExactly("c", "b");
            assertThat(each.targets().get(1).labels()).isEqualTo(30);
        }
        assertThat(again.targets()).isEqualTo(domains.targets());
        assertThat(DomainStream.drawn(again)).isEqualTo(DomainStream.drawn(domains));
    }

    @Test
    void withoutNames_allTrafficIsOneTarget_andNoLabelledRowIsOfTheSource() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1));
        FeatureBatch far = stream.rows(80, "home", 1e3, 0, 1);
        domains.arrive(far);
        domains.arrive(stream.rows(80, "other", 1e3, 0, 1));
        for (int row = 0; row < far.rows(); row++) {
            domains.learn(far, row, 1);
        }
        assertThat(domains.targets()).extracting(TargetState::name).containsExactly("");
        Turn turn = DomainStream.turn(domains);
        FeatureBatch source = new FeatureBatch(DomainStream.SCHEMA.rows(), 8);
        for (int i = 0; i < 20; i++) {
            source.clear();
            domains.copySource(turn, source);
            assertThat(source.rows()).isEqualTo(8);
            assertThat(source.numeric().get(0)).isLessThan(100);
        }
    }

    @Test
    void erase_takesAnOwnersRowsFromSourcesAndTargets_andStepsGoOnWithTheOthers() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "north", "south");
        FeatureBatch gone = stream.rows(40, "north", 7_000, 0, 1);
        for (String domain : List.of("north", "target")) {
            for (int row = 0; row < gone.rows(); row++) {
                gone.setKey(row, 5);
                gone.setDomain(row, domain);
            }
            domains.arrive(gone);
            for (int row = 0; row < gone.rows(); row++) {
                domains.learn(gone, row, 1);
            }
        }
        domains.arrive(stream.rows(20, "target", 0, 0, 1));
        assertThat(domains.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        byte[] before = DomainStream.written(domains);
        assertThat(Trace.isIn(before, gone.numeric().get(0))).isTrue();

        assertThat(domains.erase(OwnerKeys.of(5)))
                .as("the whole sample of the north, and of the target's window")
                .isEqualTo(80);

        byte[] after = DomainStream.written(domains);
        for (int row = 0; row < gone.rows(); row++) {
            assertThat(Trace.isIn(after, gone.numeric().get(3 * row))).isFalse();
        }
        FeatureBatch step = new FeatureBatch(DomainStream.SCHEMA.rows(), 16);
        for (int i = 0; i < 20; i++) {
            step.clear();
            Turn turn = DomainStream.turn(domains);
            domains.copySource(turn, step);
            domains.copyTarget(turn, step);
            assertThat(step.rows()).isEqualTo(16);
            for (int row = 0; row < 16; row++) {
                assertThat(step.numeric().get(3 * row)).isLessThan(1_000);
            }
        }
        assertThat(domains.erase(OwnerKeys.of(5))).isZero();
    }

    @Test
    void methods_areThoseOfTheConfig() {
        for (String method : Alignment.names()) {
            String text = "headwater.models.m { features.numeric = [x], adaptation.method = " + method + " }";
            assertThat(HeadwaterConfig.parse(text).models().get(0).adaptation().isUsed())
                    .isEqualTo(Alignment.of(method).isUsed());
        }
        assertThatThrownBy(() -> HeadwaterConfig.parse(
                        "headwater.models.m { features.numeric = [x], adaptation.method = best }"))
                .hasMessageContaining("headwater.models.m.adaptation.method is best, allowed is one of "
                        + String.join(", ", Alignment.names()));
    }
}
