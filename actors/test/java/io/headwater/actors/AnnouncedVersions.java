package io.headwater.actors;

import io.headwater.kafka.SimClients;
import io.headwater.kafka.SimFollow;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.VersionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What announcements promise, checked from outside: what is announced came to serve at the trainer, in that order, and by
 * nobody who was shut out; a follower serves what was announced, in that order too. One that begins to
 * read anew may begin with what it served before: it ended after it served something and before it noted that.
 */
final class AnnouncedVersions {
    private final Promised promised;
    private final List<AuditRecord> announced = new ArrayList<>();
    /** Where in the trainer's choices the last announcement is, and where in those the follower's choice. */
    private int last;

    private int followed;
    private @Nullable SimFollow seen;
    /** What the follower served when it began to read, until it serves something else. */
    private Optional<AuditRecord> begunWith = Optional.empty();

    private int shutOut = -1;

    AnnouncedVersions(Promised promised) {
        this.promised = promised;
    }

    /** Another process announces from here on, until the topic is opened once more. */
    void shutOut(int epoch) {
        shutOut = epoch;
    }

    /**
     * A record of the topic became visible.
     *
     * @param epoch how often the topic was opened by then
     */
    void committed(ConsumerRecord<byte[], byte[]> record, List<AuditRecord> audit, int epoch) {
        SimClients.choice(record).ifPresent(choice -> {
            promised.that(
                    epoch > shutOut, "version " + choice.version() + " was announced by a process that was shut out");
            List<AuditRecord> choices = audit.stream()
                    .filter(one -> one.action() == Action.PROMOTE || one.action() == Action.ROLL_BACK)
                    .toList();
            int at = find(choice, choices, last);
            promised.that(
                    at >= 0, choice + " was announced, and does not follow what was announced before in " + choices);
            last = Math.max(at, last);
            announced.add(choice);
        });
    }

    /** Looks at a follower between two of its messages. */
    void look(SimFollower follower) {
        VersionStore store = follower.store();
        Optional<AuditRecord> choice = store.choice();
        if (follower.reading() != seen) {
            seen = follower.reading();
            begunWith = choice;
            followed = 0;
        }
        if (choice.isPresent() && !choice.equals(begunWith)) {
            int at = find(choice.get(), announced, followed);
            promised.that(at >= 0, "a follower serves by " + choice.get() + ", and not in the order of " + announced);
            followed = Math.max(at, followed);
            begunWith = Optional.empty();
        }
        long slot = follower.slot().version();
        promised.that(
                announced.stream().anyMatch(one -> one.version() == slot),
                "a follower scores with version " + slot + ", which was not announced");
    }

    /** Who chose, what, when and why is the same everywhere; what served before is not. */
    private static int find(AuditRecord choice, List<AuditRecord> choices, int from) {
        for (int i = from; i < choices.size(); i++) {
            AuditRecord one = choices.get(i);
            if (choice.equals(
                    new AuditRecord(one.timeMs(), one.who(), one.action(), one.version(), choice.from(), one.why()))) {
                return i;
            }
        }
        return -1;
    }

    /** How often a version was announced. */
    int count() {
        return announced.size();
    }

    /** What the follower has not come to. */
    Optional<String> missing(@Nullable SimFollower follower, long served) {
        if (follower == null) {
            return Optional.of("no follower runs");
        }
        long store = follower.store().served().orElse(0);
        long slot = follower.slot().version();
        return store == served && slot == served
                ? Optional.empty()
                : Optional.of(
                        "the trainer serves version " + served + ", the follower " + store + ", its slot " + slot);
    }
}
