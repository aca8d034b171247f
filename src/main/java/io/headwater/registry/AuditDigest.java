package io.headwater.registry;

import io.headwater.registry.AuditFiles.Place;
import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the audit trail says, as far as opening a registry and going back need it: its size is that of the versions that are
 * kept. It is derived from the trail alone. A copy on disk spares reading the trail from its start; one that is missing,
 * damaged or of another trail is made again.
 */
final class AuditDigest {
    private static final Logger LOG = LoggerFactory.getLogger(AuditDigest.class);

    private final AuditFiles files;
    private final Path copy;
    private State state = new State();
    private boolean loaded;

    /** As it is on disk; {@code last} is the last record that is in it, {@code place} where that begins. */
    private static final class State {
        public Place place = Place.START;
        public @Nullable AuditRecord last;
        public @Nullable AuditRecord serves;
        public @Nullable AuditRecord pins;
        public @Nullable AuditRecord decides;
        public boolean decisionIsPast;
        public Set<Long> chosen = new TreeSet<>();
        /** By a version that served and was not deleted: the one that it was last promoted over, 0 if none. */
        public Map<Long, Long> servedOver = new TreeMap<>();
        /** Records since the copy on disk was made. */
        transient int news;

        /** A record that is taken once more changes nothing. */
        void take(Place where, AuditRecord record) {
            place = where;
            last = record;
            news++;
            long version = record.version();
            if (record.choosesOne()) {
                serves = record;
                if (record.action() == Action.PROMOTE && record.from() > 0) {
                    servedOver.put(version, record.from());
                } else {
                    servedOver.putIfAbsent(version, 0L);
                }
            } else if (record.pins()) {
                pins = record;
            } else if (record.decides()) {
                decides = record;
            } else if (record.action() == Action.DELETE) {
                servedOver.remove(version);
            }
            decisionIsPast = record.choosesOne() || (decisionIsPast && !record.decides());
            if (record.isOperatorsChoice()) {
                chosen.add(version);
            }
        }
    }

    AuditDigest(AuditFiles files, Path copy) {
        this.files = files;
        this.copy = copy;
    }

    /** Takes what the trail has more by now. */
    void refresh() throws IOException {
        if (!loaded) {
            state = load();
            loaded = true;
        }
        State known = state;
        boolean[] same = {known.last == null};
        // The last record is read again, to see that the trail is the one that this is of.
        try {
            files.read(known.place, (place, record) -> {
                if (place.equals(known.place) && record.equals(known.last)) {
                    same[0] = true;
                } else if (same[0]) {
                    known.take(place, record);
                }
            });
        } catch (IOException e) {
            if (same[0]) {
                throw e;
            }
        }
        if (!same[0]) {
            LOG.info("{} is of another audit trail: it is made again", copy);
            state = new State();
            files.read(Place.START, state::take);
        }
    }

    private State load() {
        try {
            return Files.exists(copy)
                    ? VersionFiles.JSON.readValue(Files.readAllBytes(copy), State.class)
                    : new State();
        } catch (IOException e) {
            LOG.info("{} cannot be read and is made again: {}", copy, e.getMessage());
            return new State();
        }
    }

    /** Replaces the copy on disk, where it lags by {@code records} or more; where that fails, the next opening takes longer. */
    void keep(int records) {
        if (state.news >= records) {
            try {
                DurableFiles.replace(copy, VersionFiles.JSON.writeValueAsBytes(state));
            } catch (IOException e) {
                LOG.warn("{} cannot be written: {}", copy, e.toString());
            }
            state.news = 0;
        }
    }

    /** The last choice of a version to serve. */
    @Nullable
    AuditRecord serves() {
        return state.serves;
    }

    /** The last pin, or the last that was taken away. */
    @Nullable
    AuditRecord pins() {
        return state.pins;
    }

    /** The last answer to a version that waited. */
    @Nullable
    AuditRecord decides() {
        return state.decides;
    }

    /** Whether a version was chosen to serve since. */
    boolean decisionIsPast() {
        return state.decisionIsPast;
    }

    /** Versions that an operator chose to serve, at any time. */
    Set<Long> chosen() {
        return state.chosen;
    }

    /** Whether {@code version} ever served; false also for one that was deleted. */
    boolean hasServed(long version) {
        return state.servedOver.containsKey(version);
    }

    /** The version that served when {@code version} was last promoted; empty where none did. */
    OptionalLong promotedOver(long version) {
        long over = state.servedOver.getOrDefault(version, 0L);
        return over > 0 ? OptionalLong.of(over) : OptionalLong.empty();
    }
}
