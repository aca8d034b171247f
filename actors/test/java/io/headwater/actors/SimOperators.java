package io.headwater.actors;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Erasure;
import io.headwater.event.RowKey;
import io.headwater.registry.AuditRecord.Action;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/** Operators of a simulated model: what they ask for chance decides, and they do not wait for what comes of it. */
final class SimOperators {
    private static final List<Action> ACTIONS = List.of(
            Action.PROMOTE, Action.ROLL_BACK, Action.PROMOTE, Action.ROLL_BACK, Action.PIN, Action.UNPIN, Action.UNPIN);

    private final Random random;
    private final PublishedVersions versions;
    private final Consumer<String> tell;
    private int letters;

    /** @param tell is told what they ask for */
    SimOperators(Random random, PublishedVersions versions, Consumer<String> tell) {
        this.random = random;
        this.versions = versions;
        this.tell = tell;
    }

    /** Another version, or a pin. */
    void choose(SimService running) {
        TestInbox<Answer<Long>> answer = TestInbox.create();
        OptionalLong version = random.nextInt(3) == 0 ? OptionalLong.empty() : OptionalLong.of(1 + random.nextInt(8));
        Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
        tell.accept("operator: " + action + " " + version);
        running.ask(new RegistryActor.Choose(version, action, "ann", "", answer.getRef()));
    }

    /** Rows of one owner or two. */
    void erase(SimService running) {
        int first = random.nextInt(SimStreams.OWNERS);
        int second = random.nextInt(SimStreams.OWNERS);
        String why = "letter " + ++letters;
        tell.accept("operator: erase " + SimStreams.owner(first) + " and " + SimStreams.owner(second) + ", " + why);
        List<Long> keys = List.of(RowKey.of(SimStreams.owner(first)), RowKey.of(SimStreams.owner(second)));
        TestInbox<Answer<Erasure>> answer = TestInbox.create();
        running.ask(new RegistryActor.Erase(keys, "ann", why, answer.getRef()));
    }

    /** For the version that waits, by what the operator saw; it may be another by the time that she is heard. */
    void answer(SimService running) {
        long waits = random.nextInt(5) == 0 ? 1 + random.nextInt(8) : versions.waits();
        Action action = random.nextInt(4) == 0 ? Action.REJECT : Action.APPROVE;
        if (waits > 0) {
            tell.accept("operator: " + action + " " + waits);
            TestInbox<Answer<Long>> answer = TestInbox.create();
            running.ask(new RegistryActor.Choose(OptionalLong.of(waits), action, "bob", "", answer.getRef()));
        }
    }
}
