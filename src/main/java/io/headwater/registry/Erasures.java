package io.headwater.registry;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * Whose rows are to be erased from a model, until it is done: a request is on disk before anything is done for it, and
 * stays there until its line is in the audit trail. So what a crash, a full disk or a trainer that fails leaves half done
 * is finished later. Erasing again what is erased already does no harm.
 */
public final class Erasures {
    private static final int MOST_REQUESTS = 100;

    private final String model;
    private final Path file;
    private final VersionFiles files;
    private final KeptSource source;
    private final AuditTrail audit;

    Erasures(String model, Path home, VersionFiles files, KeptSource source, AuditTrail audit) {
        this.model = model;
        this.file = home.resolve("erasing.json");
        this.files = files;
        this.source = source;
        this.audit = audit;
    }

    /**
     * What an operator asked for.
     *
     * @param timeMs milliseconds since the epoch, UTC
     * @param keys of the owners, in hexadecimal; never what they were made of
     */
    public record Request(long timeMs, String who, String why, List<String> keys) {
        public Request {
            keys = List.copyOf(keys);
        }

        public static Request of(long timeMs, String who, String why, List<Long> keys) {
            return new Request(
                    timeMs, who, why, keys.stream().map(Erasures::hex).toList());
        }
    }

    private record Pending(List<Request> requests) {
        Pending {
            requests = List.copyOf(requests);
        }
    }

    /** A key as the lineage and the audit trail have it. */
    public static String hex(long key) {
        return HexFormat.of().toHexDigits(key);
    }

    /**
     * Notes a request beside those that are not done yet.
     *
     * @param mostKeys owners of all of them together
     * @throws RegistryException if there are too many, or the disk does not take it; nothing is noted then
     */
    public void ask(Request request, int mostKeys) {
        AuditRecord.checkOperator(request.who());
        List<Request> all = new ArrayList<>(requests());
        all.add(request);
        int keys = keys(all).size();
        if (all.size() > MOST_REQUESTS || keys > mostKeys) {
            throw new RegistryException((all.size() - 1) + " erasures of model '" + model
                    + "' are not done yet; with this one they would be " + all.size() + " of " + keys
                    + " owners, and at most " + MOST_REQUESTS + " of " + mostKeys + " are allowed");
        }
        try {
            DurableFiles.replace(file, VersionFiles.JSON.writeValueAsBytes(new Pending(all)));
        } catch (IOException e) {
            throw new RegistryException("the erasure cannot be noted, so it was not begun: " + e, e);
        }
    }

    /** Requests that are not done yet, oldest first. */
    public List<Request> requests() {
        try {
            return Files.exists(file)
                    ? VersionFiles.JSON
                            .readValue(Files.readAllBytes(file), Pending.class)
                            .requests()
                    : List.of();
        } catch (IOException e) {
            throw new RegistryException(file + " does not say whose rows are to be erased: " + e.getMessage(), e);
        }
    }

    /** Whose rows are to be erased. */
    public List<Long> keys() {
        return keys(requests());
    }

    private static List<Long> keys(List<Request> requests) {
        TreeSet<Long> keys = new TreeSet<>();
        for (Request request : requests) {
            request.keys().forEach(key -> keys.add(HexFormat.fromHexDigitsToLong(key)));
        }
        return List.copyOf(keys);
    }

    /**
     * All that was asked for is done: each request becomes a line of the audit trail, and is noted no more.
     *
     * @param what was done, in a few words
     */
    public void done(String what, long served, long nowMs) {
        List<AuditRecord> lines = requests().stream()
                .map(request -> new AuditRecord(
                        nowMs,
                        request.who(),
                        Action.ERASE,
                        0,
                        served,
                        what + " of " + String.join(", ", request.keys()) + ": " + request.why()))
                .toList();
        try {
            audit.append(lines);
            Files.delete(file);
            DurableFiles.force(file.resolveSibling("."));
        } catch (IOException e) {
            throw new RegistryException("the rows are erased, but that cannot be recorded: " + e, e);
        }
    }

    /**
     * Puts a learner without the rows of some owners in the place of a version's own, in one step.
     *
     * @param step the lineage's, in which they were erased from the line
     */
    public void replaceLearner(long version, byte[] learner, long step) {
        try {
            files.replaceLearner(version, learner, step);
        } catch (IOException e) {
            throw new RegistryException(
                    "the learner of version " + version + " of '" + model + "' cannot be written: " + e, e);
        }
    }

    /** The steps in which rows were erased from the line that were in the learner of {@code version} too; usually none. */
    public List<Long> stepsOf(long version) {
        return files.erasedIn(version);
    }

    /** The steps in which rows were erased from the line that were in the source model's sample too; usually none. */
    public List<Long> stepsOfSource() {
        return source.erasedIn();
    }

    /**
     * Puts what the source model keeps without the rows of some owners in the place of what is kept.
     *
     * @param step the lineage's, in which they were erased from the line
     */
    public void replaceSourceRows(byte[] rows, long step) {
        try {
            source.replaceRows(rows, step);
        } catch (IOException e) {
            throw new RegistryException("the rows of the source model of '" + model + "' cannot be written: " + e, e);
        }
    }
}
