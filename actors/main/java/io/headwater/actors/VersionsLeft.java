package io.headwater.actors;

import io.headwater.config.ConfigException;
import io.headwater.event.OwnerKeys;
import io.headwater.learn.Learner;
import io.headwater.registry.Manifest;
import io.headwater.registry.RegistryException;
import io.headwater.registry.VersionStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The versions whose learners are still to be rid of the rows of owners. A part of {@link Erasing}, on its thread. */
final class VersionsLeft implements AutoCloseable {
    private final VersionStore store;
    private final Erasing.Keepers keepers;
    private final OwnerKeys owners;
    private final long step;
    private final Deque<Long> left;
    private final List<String> unreadable = new ArrayList<>();
    private Optional<Learner> open = Optional.empty();
    private String settings = "";

    /** @param step the lineage's, in which the rows were erased from the line: later versions have none */
    VersionsLeft(VersionStore store, Erasing.Keepers keepers, List<Long> keys, long step) {
        this.store = store;
        this.keepers = keepers;
        this.owners = OwnerKeys.of(keys);
        this.step = step;
        this.left = new ArrayDeque<>(store.numbers());
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    /** A sentence for each learner that nobody can read. */
    List<String> unreadable() {
        return unreadable;
    }

    /**
     * Takes the rows from the next version; it is still the next one where that throws.
     *
     * @return that version if it had any
     */
    OptionalLong eraseNext() {
        long version = left.element();
        boolean had = store.numbers().contains(version) && erase(store.manifest(version));
        left.remove();
        return had ? OptionalLong.of(version) : OptionalLong.empty();
    }

    private boolean erase(Manifest manifest) {
        long version = manifest.version();
        if (manifest.sequence() >= step || !store.hasLearner(version)) {
            return false;
        }
        Optional<Learner> learner = restored(manifest);
        if (learner.isEmpty() || learner.get().erase(owners) == 0) {
            return false;
        }
        store.erasures().replaceLearner(version, learner.get().checkpoint(), step);
        return true;
    }

    private Optional<Learner> restored(Manifest manifest) {
        byte[] bytes = store.learner(manifest.version());
        try {
            Learner learner = by(manifest.provenance().getOrDefault(Manifest.SETTINGS, ""));
            learner.restore(bytes);
            return Optional.of(learner);
        } catch (IllegalArgumentException | RegistryException | ConfigException e) {
            unreadable.add(
                    "the learner of version " + manifest.version() + " cannot be read any more, so nobody knows whose"
                            + " rows it has; to be rid of them delete its learner.bin: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * A learner by the settings that a version was made with, good until the next call. By others it would leave out what
     * it has no place for, and that would be neither erased nor kept. Versions that follow each other mostly have the same.
     */
    private Learner by(String sha256) {
        if (open.isEmpty() || !settings.equals(sha256)) {
            close();
            open = Optional.of(keepers.learner(sha256));
            settings = sha256;
        }
        return open.get();
    }

    /** Lets go of the learner; the next version opens another. */
    @Override
    public void close() {
        open.ifPresent(Learner::close);
        open = Optional.empty();
    }
}
