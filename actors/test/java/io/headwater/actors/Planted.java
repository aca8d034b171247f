package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.headwater.codec.DeadLetter;
import io.headwater.config.ModelConfig.Approval;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.event.Partition;
import io.headwater.event.StreamPosition;
import io.headwater.gate.GateSettings;
import io.headwater.kafka.Announcement;
import io.headwater.kafka.Polling;
import io.headwater.kafka.SimLoop;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.line.LineageLog;
import io.headwater.line.LineageRecord;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A fault put into the pipeline on purpose, at one of its ports: a simulation that does not find it is worth nothing. */
enum Planted {
    NOTHING,
    /** What was appended to the lineage is not made visible before it is relied on. */
    FLUSH_SKIPPED,
    /** A recovery takes no recorded steps again. */
    REPLAY_SKIPPED,
    /** Labels count as taken in when they were polled: a start goes on behind them. */
    OFFSETS_EARLY,
    /** A version serves before the lineage says that it is the champion. */
    SERVED_BEFORE_RECORDED,
    /** The gate lets everything pass that was examined at all. */
    GATE_OPEN,
    /** Refused records leave no dead letter. */
    DEAD_LETTERS_LOST,
    /** Refused records leave two. */
    DEAD_LETTERS_TWICE,
    /** The poll loop hands over whatever there is. */
    CREDIT_IGNORED,
    /** The learner's checkpoint lacks a part of its state. */
    STATE_LEFT_OUT,
    /** The checkpoint of a learner with a guard is that of the line in use alone. */
    GUARD_LEFT_OUT,
    /** The line is not told that an operator chose another version. */
    OPERATOR_UNHEARD,
    /** Files are not forced to disk. */
    FORCE_SKIPPED,
    /** Scores do not say in their transaction which events they answer. */
    OFFSETS_LEFT_OUT,
    /** A version's number serves with the file of another. */
    OTHER_FILE_SERVED,
    /** The line keeps rows that are to be erased. */
    LINE_KEEPS_ROWS,
    /** The versions' learners keep them. */
    VERSIONS_KEEP_ROWS,
    /** Versions that are rewritten lose more than these rows. */
    VERSIONS_LOSE_MORE,
    /** A checkpoint of before an erasure is left. */
    CHECKPOINT_KEPT,
    /** What is to be erased is forgotten when a process starts. */
    ERASURE_FORGOTTEN,
    /** What passed the gate asks nobody. */
    APPROVAL_SKIPPED,
    /** What waits for approval is forgotten when a process starts. */
    WAITING_FORGOTTEN,
    /** The learner does not hear alarms. */
    ALARM_UNHEARD,
    /** The line is set up to raise fewer alarms. */
    ALARM_NOT_RAISED,
    /** A process that only serves hears of a version again when it serves the next. */
    ANNOUNCED_AGAIN,
    /** It does not hear of every third. */
    ANNOUNCEMENT_LOST,
    /** A second trainer does not shut out who announces. */
    ANNOUNCER_NOT_FENCED;

    /** A file's bytes, and where it was. */
    record Copy(Path file, byte[] content) {}

    LineageLog lineage(LineageLog real) {
        return switch (this) {
            case FLUSH_SKIPPED, REPLAY_SKIPPED, DEAD_LETTERS_LOST, DEAD_LETTERS_TWICE -> new FaultyLog(real);
            default -> real;
        };
    }

    Learner learner(Learner real) {
        return switch (this) {
            case STATE_LEFT_OUT -> new ForgetfulLearner(real, Planted::withoutUpdates, true, true);
            case GUARD_LEFT_OUT -> new ForgetfulLearner(real, GuardedLearner::inUse, true, true);
            case LINE_KEEPS_ROWS -> new ForgetfulLearner(real, UnaryOperator.identity(), false, true);
            case ALARM_UNHEARD -> new ForgetfulLearner(real, UnaryOperator.identity(), true, false);
            default -> real;
        };
    }

    /** The learner that versions are opened with, to erase from them. */
    Learner keeper(Learner real) {
        return switch (this) {
            case VERSIONS_KEEP_ROWS -> new ForgetfulLearner(real, UnaryOperator.identity(), false, true);
            case VERSIONS_LOSE_MORE -> new ForgetfulLearner(real, Planted::withoutUpdates, true, true);
            default -> real;
        };
    }

    /** The newest checkpoint, for {@link #keeps}. */
    Optional<Copy> newest(Path checkpoints) {
        if (this != CHECKPOINT_KEPT || !Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            Optional<Path> newest = files.filter(file -> file.toString().endsWith(".checkpoint"))
                    .max(Comparator.comparing(Path::toString));
            return newest.isPresent()
                    ? Optional.of(new Copy(newest.get(), Files.readAllBytes(newest.get())))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a checkpoint back that was removed. */
    void keeps(Path checkpoints, Optional<Copy> removed) {
        try {
            if (removed.isPresent() && Files.isDirectory(checkpoints)) {
                Files.write(removed.get().file(), removed.get().content());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process comes to the folder of a model. */
    void starting(Path model) {
        String forgotten = switch (this) {
            case ERASURE_FORGOTTEN -> "erasing.json";
            case WAITING_FORGOTTEN -> "waiting.json";
            default -> "";
        };
        try {
            if (!forgotten.isEmpty()) {
                Files.deleteIfExists(model.resolve(forgotten));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process that only serves hears of announcements. */
    Consumer<Announcement> announcements(Consumer<Announcement> real) {
        List<Announcement> heard = new ArrayList<>();
        return switch (this) {
            case ANNOUNCED_AGAIN ->
                announced -> {
                    real.accept(announced);
                    heard.add(announced);
                    real.accept(heard.get(Math.max(0, heard.size() - 2)));
                };
            case ANNOUNCEMENT_LOST ->
                announced -> {
                    heard.add(announced);
                    if (heard.size() % 3 != 0) {
                        real.accept(announced);
                    }
                };
            default -> real;
        };
    }

    Approval approval(Approval real) {
        return this == APPROVAL_SKIPPED ? Approval.AUTOMATIC : real;
    }

    FalseAlarmBudget falseAlarms() {
        return this == ALARM_NOT_RAISED ? FalseAlarmBudget.byDefault() : SimModel.FALSE_ALARMS;
    }

    /** How far the step of a logistic regression has shrunk. */
    private static byte[] withoutUpdates(byte[] checkpoint) {
        Arrays.fill(checkpoint, 4, 8, (byte) 0);
        return checkpoint;
    }

    StreamPosition from(StreamPosition position) {
        if (this != OFFSETS_EARLY) {
            return position;
        }
        SortedMap<Partition, Long> next = new TreeMap<>();
        position.next()
                .forEach((partition, offset) ->
                        next.put(partition, partition.topic().equals(SimModel.LABELS) ? offset + 1 : offset));
        return new StreamPosition(next);
    }

    GateSettings gate(GateSettings real) {
        return this == GATE_OPEN ? new GateSettings(real.window(), 2, 1e9, 1e9) : real;
    }

    Polling polling(SimLoop real) {
        if (this == CREDIT_IGNORED) {
            real.grant(1000);
        }
        return real;
    }

    boolean forces() {
        return this != FORCE_SKIPPED;
    }

    ActorRef<RegistryActor.Command> registry(
            ActorContext<Void> context, ActorRef<RegistryActor.Command> real, VersionStore store) {
        return switch (this) {
            case SERVED_BEFORE_RECORDED ->
                context.spawn(
                        Behaviors.receiveMessage(message -> {
                            real.tell(message);
                            if (message instanceof RegistryActor.Add) {
                                real.tell(new RegistryActor.Recorded(store.nextNumber()));
                            }
                            return Behaviors.same();
                        }),
                        "hasty");
            case OPERATOR_UNHEARD ->
                context.spawn(
                        Behaviors.receiveMessage(message -> {
                            real.tell(
                                    message instanceof RegistryActor.Recovered recovered
                                            ? new RegistryActor.Recovered(
                                                    context.getSystem().deadLetters(), recovered.champion())
                                            : message);
                            return Behaviors.same();
                        }),
                        "deaf");
            default -> real;
        };
    }

    ActorRef<ServingActor.Command> serving(ActorContext<Void> context, ActorRef<ServingActor.Command> real) {
        if (this != OTHER_FILE_SERVED) {
            return real;
        }
        byte[] first = SimModel.learner().export();
        return context.spawn(
                Behaviors.receiveMessage(message -> {
                    if (message instanceof ServingActor.Serve serve) {
                        real.tell(new ServingActor.Serve(serve.version(), first, serve.appendedMs()));
                    }
                    return Behaviors.same();
                }),
                "mistaken");
    }

    private final class FaultyLog implements LineageLog {
        private final LineageLog real;
        private int flushes;

        FaultyLog(LineageLog real) {
            this.real = real;
        }

        @Override
        public void append(LineageRecord record, List<DeadLetter> refused) {
            List<DeadLetter> letters = refused;
            if (Planted.this == DEAD_LETTERS_LOST) {
                letters = List.of();
            } else if (Planted.this == DEAD_LETTERS_TWICE && !refused.isEmpty()) {
                letters = List.of(refused.get(0), refused.get(0));
            }
            real.append(record, letters);
        }

        @Override
        public void flush() {
            if (Planted.this != FLUSH_SKIPPED || ++flushes % 3 == 0) {
                real.flush();
            }
        }

        @Override
        public Steps readFrom(long sequence) {
            return Planted.this == REPLAY_SKIPPED ? new NoSteps() : real.readFrom(sequence);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private static final class NoSteps implements LineageLog.Steps {
        @Override
        public boolean hasNext() {
            return false;
        }

        @Override
        public LineageRecord next() {
            throw new NoSuchElementException();
        }

        @Override
        public void close() {}
    }
}
