package io.headwater.actors;

import io.headwater.api.ModelAdmin;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Cause;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** What operators ask of the registry, and what they are told. A part of {@link RegistryActor}, on its thread. */
final class OperatorDesk {
    private final VersionStore store;
    private final Clock clock;
    private final ApprovalDesk approvals;
    private final Promotions promotions;
    private final String follows;

    /** @param follows the topic that says what serves here; empty where the gate and operators do */
    OperatorDesk(VersionStore store, Clock clock, ApprovalDesk approvals, Promotions promotions, String follows) {
        this.store = store;
        this.clock = clock;
        this.approvals = approvals;
        this.promotions = promotions;
        this.follows = follows;
    }

    /** The refusal of a change where what serves is another process's to say. */
    <T> Optional<Answer<T>> elsewhere() {
        return follows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refused<>(
                        Cause.CONFLICT,
                        "this process serves what topic " + follows
                                + " announces; send the command to the one that trains"));
    }

    /** Does what an operator chose; the answer is the version that it was done to. */
    Answer<Long> choose(RegistryActor.Choose message) {
        return this.<Long>elsewhere().orElseGet(() -> orRefusal(() -> chosen(message)));
    }

    private Answer<Long> chosen(RegistryActor.Choose message) {
        OptionalLong version = message.version().isPresent() ? message.version() : usual(message.action());
        if (version.isEmpty()) {
            return new Refused<>(
                    Cause.CONFLICT, isAnswer(message) ? approvals.unnamed() : "no version served before this one");
        }
        // One that waited and whose place another took is gone, and what there is to say of it is more than that.
        if (!isAnswer(message) && !store.numbers().contains(version.getAsLong())) {
            return new Refused<>(Cause.UNKNOWN, store.unknown(version.getAsLong()));
        }
        change(message, version.getAsLong());
        return new Done<>(version.getAsLong());
    }

    /** Whether an operator approves or rejects what waits. */
    private static boolean isAnswer(RegistryActor.Choose message) {
        return message.action() == Action.APPROVE || message.action() == Action.REJECT;
    }

    /** The version that is meant by a command that names none. */
    private OptionalLong usual(Action action) {
        return switch (action) {
            case ROLL_BACK -> store.previous();
            case PIN, UNPIN -> store.served();
            case APPROVE, REJECT -> OptionalLong.empty();
            default -> store.numbers().stream().mapToLong(Long::longValue).max();
        };
    }

    private void change(RegistryActor.Choose message, long version) {
        if (message.action() == Action.PIN) {
            store.pin(version, message.who(), message.why(), clock.millis());
        } else if (message.action() == Action.UNPIN) {
            store.unpin(version, message.who(), message.why(), clock.millis());
        } else if (isAnswer(message)) {
            approvals.answer(message, version);
            promotions.recordApproved();
        } else {
            promotions.choose(message, version);
        }
    }

    /** All versions. */
    Answer<List<ModelAdmin.Version>> versions() {
        return orRefusal(() -> {
            long served = store.served().orElse(0);
            Set<Long> pinned = store.pinned();
            Optional<ModelAdmin.Waits> waits = approvals.waits();
            return new Done<>(store.numbers().stream()
                    .map(number -> new ModelAdmin.Version(
                            store.manifest(number),
                            number == served,
                            pinned.contains(number),
                            waits.filter(one -> one.waiting().version() == number)))
                    .toList());
        });
    }

    /** Who did what, by the newest {@code last} records. */
    Answer<List<AuditRecord>> audit(int last) {
        return orRefusal(() -> new Done<>(store.audit(last)));
    }

    private static <T> Answer<T> orRefusal(Supplier<Answer<T>> answer) {
        try {
            return answer.get();
        } catch (RegistryException e) {
            return new Refused<>(Cause.CONFLICT, String.valueOf(e.getMessage()));
        }
    }
}
