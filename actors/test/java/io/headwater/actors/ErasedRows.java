package io.headwater.actors;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.Learner;
import io.headwater.line.LineInput;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Erasures;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What erasures promise, checked from outside: one that was asked for is on disk until it is done; when it is said to be
 * done no file has a row of the owner, and none that comes later has one of those rows; and a version's learner loses
 * nothing else.
 */
final class ErasedRows {
    private final Promised promised;
    private final SimLearner kind;
    private final Path home;
    /** By the owner's key, the rows that the lineage took and no erasure has come to. */
    private final Map<Long, Set<Long>> taken = new HashMap<>();
    /** By the owner's key, rows that were erased from the line and did not come again. */
    private final Map<Long, Set<Long>> erased = new HashMap<>();
    /** Rows that no file may have. */
    private final Set<Long> gone = new HashSet<>();
    /** What operators asked for and the registry took, by their reasons. */
    private final Map<String, List<String>> asked = new LinkedHashMap<>();

    private final Set<String> done = new HashSet<>();
    private final Set<Long> pending = new TreeSet<>();
    private final Map<Long, byte[]> learners = new HashMap<>();
    /** What a version's learner was before: until all is done power may be lost, and what was not forced with it. */
    private final Map<Long, List<byte[]>> unforced = new HashMap<>();

    private final Set<String> searched = new HashSet<>();
    private int audited;

    ErasedRows(Promised promised, SimLearner kind, Path home) {
        this.promised = promised;
        this.kind = kind;
        this.home = home;
        SourceRows.all().forEach((key, row) -> taken.put(key, new HashSet<>(Set.of(row))));
    }

    // ---- what the lineage says

    /** A step is in the lineage for good. */
    void recorded(LineInput input) {
        if (input instanceof LineInput.Labeled labeled) {
            for (LabeledExample example : labeled.batch().examples()) {
                took(example.event());
            }
        } else if (input instanceof LineInput.Traffic traffic) {
            traffic.batch().events().forEach(this::took);
        } else if (input instanceof LineInput.Erased erasure) {
            for (long key : erasure.keys()) {
                Set<Long> rows = taken.remove(key);
                if (rows != null) {
                    erased.computeIfAbsent(key, none -> new HashSet<>()).addAll(rows);
                }
            }
        }
    }

    /** What comes again after an erasure is kept as anybody's. */
    private void took(Event event) {
        long key = RowKey.of(event.owner());
        long row = RowTraces.row(event);
        taken.computeIfAbsent(key, none -> new HashSet<>()).add(row);
        erased.computeIfAbsent(key, none -> new HashSet<>()).remove(row);
        gone.remove(row);
    }

    /** The line as it stands after it erased rows of {@code keys}. */
    void lineErased(List<Long> keys, byte[] checkpoint) {
        for (long key : keys) {
            promised.that(
                    !RowTraces.hasKey(checkpoint, key),
                    "the line has rows of owner " + Erasures.hex(key) + " after it erased them");
        }
    }

    // ---- what is on disk

    /** Operators were answered by now: what is noted is relied on. */
    void relyOn(VersionStore store) {
        for (Erasures.Request request : store.erasures().requests()) {
            asked.putIfAbsent(request.why(), request.keys());
        }
    }

    void look(VersionStore store, List<AuditRecord> audit) {
        Set<String> noted = new HashSet<>();
        for (Erasures.Request request : store.erasures().requests()) {
            noted.add(request.why());
            request.keys().forEach(key -> pending.add(HexFormat.fromHexDigitsToLong(key)));
        }
        boolean news = false;
        for (AuditRecord record : audit.subList(Math.min(audited, audit.size()), audit.size())) {
            if (record.action() == Action.ERASE) {
                said(record.why());
                news = true;
            }
        }
        audited = audit.size();
        asked.forEach((why, keys) -> promised.that(
                noted.contains(why) || done.contains(why), "the erasure of " + keys + " (" + why + ") is forgotten"));
        lookAtLearners(store);
        if (news) {
            pending.forEach(key -> gone.addAll(erased.getOrDefault(key, Set.of())));
            searched.clear();
            search(new RowTraces(gone), all());
        } else if (!gone.isEmpty()) {
            search(new RowTraces(gone), named(store));
        }
        if (noted.isEmpty()) {
            pending.clear();
            unforced.clear();
        }
    }

    /** The audit trail tells of an erasure; its words end with the operator's reason. */
    private void said(String why) {
        done.add(why.substring(why.lastIndexOf(": ") + 2));
    }

    /** A learner changes by an erasure alone, and loses the rows of its owners alone. */
    private void lookAtLearners(VersionStore store) {
        for (long version : store.numbers()) {
            byte[] now = store.learner(version);
            byte[] before = learners.put(version, now);
            if (before != null && !Arrays.equals(before, now)) {
                List<byte[]> earlier = unforced.computeIfAbsent(version, none -> new ArrayList<>());
                boolean lost = earlier.stream().anyMatch(bytes -> Arrays.equals(bytes, now));
                earlier.add(before);
                promised.that(
                        lost || Arrays.equals(without(before), now),
                        "the learner of version " + version + " is another one than before, less the rows of "
                                + pending.stream().map(Erasures::hex).toList());
            }
        }
    }

    private byte[] without(byte[] checkpoint) {
        try (Learner learner = kind.open()) {
            learner.restore(checkpoint);
            learner.erase(OwnerKeys.of(pending));
            return learner.checkpoint();
        }
    }

    private void search(RowTraces traces, List<Path> files) {
        for (Path file : files) {
            if (searched.add(file.toString())) {
                try {
                    promised.that(
                            !traces.isIn(Files.readAllBytes(file)), file + " has a row that is said to be erased");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private List<Path> all() {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What recoveries, roll backs and exports begin with. */
    private List<Path> named(VersionStore store) {
        List<Path> files = new ArrayList<>();
        store.numbers().forEach(version -> files.add(home.resolve(version + "/learner.bin")));
        Path checkpoints = home.resolve("checkpoints");
        if (Files.isDirectory(checkpoints)) {
            try (Stream<Path> all = Files.list(checkpoints)) {
                all.filter(file -> file.getFileName().toString().matches("[0-9]+\\.checkpoint"))
                        .forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** The learner of a version as it is now, or was when it was last there. */
    byte @Nullable [] learner(long version) {
        return learners.get(version);
    }

    /** How many erasures are done. */
    int count() {
        return done.size();
    }

    /** What was asked for and is not done. */
    Optional<String> missing(VersionStore store) {
        List<Erasures.Request> left = store.erasures().requests();
        return left.isEmpty() ? Optional.empty() : Optional.of("the erasures " + left + " are not done");
    }
}
