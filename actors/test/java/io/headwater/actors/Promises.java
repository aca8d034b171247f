package io.headwater.actors;

import io.headwater.codec.Decoded;
import io.headwater.drift.DriftAlarm;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.gate.Gate;
import io.headwater.gate.Verdict;
import io.headwater.kafka.SimBroker;
import io.headwater.kafka.SimClients;
import io.headwater.learn.AdaptationStanding;
import io.headwater.line.LearningLine;
import io.headwater.line.LineInput;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.Recovery.RecordedInputSource;
import io.headwater.line.StepOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the pipeline promises about learning, checked from outside: by what is committed in the topics, and by a line
 * that takes the recorded steps as an uninterrupted process would.
 */
final class Promises implements SimService.Watcher, AutoCloseable {
    private static final String GAP = "labelled records were skipped: ";

    private final SimLife life;
    private final SimBroker broker;
    private final SimClients observer;
    private final PublishedVersions versions;
    private final Gate gate = new Gate(SimModel.GATE);
    private final LearningLine uninterrupted;
    private final Answers answers;
    private final AnnouncedVersions announced;
    private final Promised promised;
    /** Alarms that steps raised and no step took in yet. */
    private final Deque<DriftAlarm> untold = new ArrayDeque<>();

    private final Map<Partition, Long> taken = new HashMap<>();
    private final Map<Long, String> weights = new HashMap<>();
    private final Set<Long> passed = new HashSet<>();
    private final Set<Long> promoted = new HashSet<>(Set.of(1L));
    private long rollBacks;
    private long deadLetters;
    private long alarms;

    Promises(SimLife life, SimBroker broker, SimClients observer, PublishedVersions versions) {
        this.broker = broker;
        this.observer = observer;
        this.versions = versions;
        this.promised = versions.promised();
        this.announced = new AnnouncedVersions(promised);
        this.uninterrupted = SimModel.line(life.learner().open(), versions);
        this.answers = new Answers(life.learner(), versions);
        this.life = life;
        versions.reliedOn(promoted::contains);
        broker.watch(this::committed);
    }

    /** The first promise that was broken, in one sentence; null if none was. */
    @Nullable
    String broken() {
        return promised.broken();
    }

    private boolean isServable(long version) {
        return promoted.contains(version) || versions.isOperatorsChoice(version);
    }

    /** Steps that are in the lineage for good. */
    long steps() {
        return uninterrupted.state().sequence();
    }

    long champion() {
        return uninterrupted.state().champion();
    }

    // ---- what becomes visible in the topics

    private void committed(List<ConsumerRecord<byte[], byte[]>> records) {
        look();
        List<String> letters = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(SimModel.LINEAGE)) {
                step(SimClients.step(record), expected);
            } else if (record.topic().equals(SimModel.SCORES)) {
                long version = answers.version(record);
                promised.nothing(answers.scored(record));
                promised.that(isServable(version), "version " + version + " made a score, and nobody promoted it");
            } else if (record.topic().equals(SimModel.VERSIONS)) {
                announced.committed(record, versions.audit(), broker.epoch(SimModel.ANNOUNCER));
            } else if (record.topic().equals(SimModel.DEAD_LETTERS)) {
                String where = SimClients.refusedAt(record);
                if (where.startsWith(SimModel.EVENTS)) {
                    promised.nothing(answers.refused(record));
                } else {
                    letters.add(where);
                }
            }
        }
        letters.sort(null);
        expected.sort(null);
        deadLetters += letters.size();
        promised.that(
                letters.equals(expected),
                "the dead letters are of " + letters + ", the refused records are " + expected);
    }

    private void step(LineageRecord step, List<String> refused) {
        if (promised.broken() != null) {
            return;
        }
        promised.that(
                step.sequence() == steps() + 1,
                "step " + step.sequence() + " is recorded behind step " + steps() + " of the lineage");
        step.ranges().forEach(range -> range(step, range, refused));
        alarm(step);
        if (step.kind() == Kind.PROMOTED) {
            promised.that(
                    versions.isListed(step.version()), "version " + step.version() + " is recorded, and is not there");
            promoted.add(step.version());
        } else if (step.kind() == Kind.ROLLED_BACK) {
            rollBacks++;
            promised.that(
                    rollBacks <= versions.operatorsChoices(),
                    "step " + step.sequence() + " went back to version " + step.version()
                            + ", which no operator chose");
        }
        if (promised.broken() == null) {
            again(step);
        }
    }

    /** What a step finds is taken in next, before anything else. */
    private void alarm(LineageRecord step) {
        DriftAlarm next = untold.poll();
        alarms += next == null ? 0 : 1;
        promised.that(
                step.alarm().equals(Optional.ofNullable(next)),
                "step " + step.sequence() + " takes in " + step.kind() + " " + step.alarm()
                        + " where the steps before it raised " + next);
    }

    private void range(LineageRecord step, OffsetRange range, List<String> refused) {
        Partition partition = range.partition();
        long next = taken.getOrDefault(partition, 0L);
        promised.that(
                range.from() >= next, "step " + step.sequence() + " takes " + range + " again from before " + next);
        taken.put(partition, range.until());
        if (step.kind() == Kind.LABELED) {
            for (ConsumerRecord<byte[], byte[]> record : records(partition, next, range.from())) {
                promised.that(
                        false, GAP + step.sequence() + " takes " + range + " and none took offset " + record.offset());
            }
            for (ConsumerRecord<byte[], byte[]> record : records(partition, range.from(), range.until())) {
                if (SimModel.CODEC.labeled(record.value()) instanceof Decoded.Refused) {
                    refused.add(partition + "@" + record.offset());
                }
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Partition partition, long from, long until) {
        return broker.committed(partition.topic(), partition.number(), from, until);
    }

    /** Takes the step as a process would that nothing ever happened to. */
    private void again(LineageRecord step) {
        try (RecordedInputSource inputs = observer.inputs(SimModel.CODEC)) {
            LineInput input = inputs.form(step, uninterrupted.state().settings());
            StepOutcome outcome = uninterrupted.step(input, step.timeMs());
            LineageRecord same = outcome.record();
            promised.that(
                    same.equals(step), "an uninterrupted process records " + same + " where the lineage has " + step);
            untold.addAll(outcome.alarms());
            versions.erasures().recorded(input);
        } catch (RuntimeException e) {
            promised.that(false, "step " + step + " cannot be taken again: " + e);
        }
        weights.put(step.sequence(), step.weightsSha256());
        if (gate.judge(uninterrupted.standing(), Optional.empty()) instanceof Verdict.Promote) {
            passed.add(step.sequence());
        }
    }

    // ---- what a process says

    @Override
    public void recovered(LearningLine line) {
        look();
        promised.that(
                line.state().equals(uninterrupted.state()),
                "recovered at " + line.state() + ", an uninterrupted process is at " + uninterrupted.state());
        promised.that(
                Arrays.equals(line.checkpoint(), uninterrupted.checkpoint()),
                "recovered at step " + steps() + " with another state than an uninterrupted process has");
    }

    @Override
    public void stepped(StepOutcome outcome, LearningLine line) {
        promised.that(
                line.pendingLogits() <= SimModel.MAX_PENDING,
                line.pendingLogits() + " events wait for their label, at most " + SimModel.MAX_PENDING + " may");
        if (outcome.record().kind() == Kind.ERASED) {
            versions.erasures().lineErased(outcome.record().erased(), line.checkpoint());
        }
    }

    // ---- what is on disk, and what serves

    /** Looks at the disk, where anything changed. */
    void look() {
        versions.look(this::judged);
    }

    /** Whether a version may be listed: its step is in the lineage, and what is in it is what passed the gate there. */
    private @Nullable String judged(long version, long sequence, String weightsSha256) {
        String recorded = weights.get(sequence);
        if (recorded == null) {
            return "version " + version + " holds step " + sequence + ", the lineage ends at " + steps();
        } else if (!recorded.equals(weightsSha256)) {
            return "version " + version + " has other weights than step " + sequence + " of the lineage";
        }
        return passed.contains(sequence) ? null : "version " + version + " serves though the gate passed no such one";
    }

    /** Checks what can be seen of a process between two of its steps. */
    void look(SimService service) {
        look();
        versions.relyOn();
        long newest = versions.newestCheckpoint();
        promised.that(
                newest <= steps(), "the checkpoint of step " + newest + " is ahead of the lineage, at " + steps());
        long slot = service.slot().version();
        promised.that(
                isServable(slot), "version " + slot + " scores, and neither the lineage nor an operator promoted it");
        promised.that(
                service.labelsInFlight() <= life.mostInFlight(),
                service.labelsInFlight() + " labelled records were handed over and not learned, at most "
                        + life.mostInFlight());
    }

    AnnouncedVersions announced() {
        return announced;
    }

    /** What is missing until everything has been done; empty if nothing is. */
    Optional<String> missing(SimService service, @Nullable SimFollower follower) {
        for (int i = 0; i < SimModel.PARTITIONS; i++) {
            Partition partition = new Partition(SimModel.LABELS, i);
            long end = broker.end(SimModel.LABELS, i);
            List<?> left = records(partition, taken.getOrDefault(partition, 0L), end);
            if (!left.isEmpty()) {
                return Optional.of(left.size() + " labelled records of " + partition + " are not learned");
            }
        }
        if (champion() != versions.served() || service.slot().version() != versions.served()) {
            return Optional.of("the line's champion is " + champion() + ", the registry serves " + versions.served()
                    + ", the slot " + service.slot().version());
        }
        if (!untold.isEmpty()) {
            return Optional.of("the alarms " + untold + " were raised and not taken in");
        }
        Optional<String> missing = versions.missing().or(() -> answers.missing(broker));
        return missing.isPresent() || !life.followed() ? missing : announced.missing(follower, versions.served());
    }

    /** In a few words what happened. */
    String summary() {
        return steps() + " steps, " + (promoted.size() - 1) + " promotions, " + rollBacks + " roll backs, "
                + deadLetters + " dead letters, " + answers.count() + " scores, " + alarms + " alarms, " + switches()
                + " changes of the line in use, " + versions.erasures().count() + " erasures, "
                + versions.approvals().count() + " approvals, " + announced.count() + " announcements";
    }

    /** How often a guard changed the line in use. */
    long switches() {
        return uninterrupted.adaptation().map(AdaptationStanding::switches).orElse(0L);
    }

    long alarms() {
        return alarms;
    }

    @Override
    public void close() {
        uninterrupted.close();
    }
}
