package io.headwater.registry;

import io.headwater.registry.CheckpointStore.Beginnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Chooses which of many checkpoints stay so that no rebuild becomes much longer. */
final class Thinning {
    private Thinning() {}

    /**
     * The checkpoints that rebuilds begin at.
     *
     * @param checkpoints their steps
     */
    static Set<Long> begin(List<Long> checkpoints, Beginnings beginnings) {
        if (beginnings.most() == 0) {
            return Set.of();
        }
        TreeSet<Long> all = new TreeSet<>(checkpoints);
        TreeSet<Long> used = new TreeSet<>();
        for (long sequence : beginnings.sequences().get()) {
            Long checkpoint = all.floor(sequence);
            if (checkpoint != null) {
                used.add(checkpoint);
            }
        }
        while (used.size() > beginnings.most()) {
            used.remove(leastMissed(new ArrayList<>(used)));
        }
        return used;
    }

    /** Without it the rebuilds that begin there begin at the one before, which is nearest of all. */
    private static long leastMissed(List<Long> ascending) {
        int least = ascending.size() - 1;
        for (int i = ascending.size() - 1; i >= 0; i--) {
            if (gap(ascending, i) < gap(ascending, least)) {
                least = i;
            }
        }
        return ascending.get(least);
    }

    /** Steps that a rebuild has to take more; the first one's begins at the start. */
    private static long gap(List<Long> ascending, int i) {
        return ascending.get(i) - (i == 0 ? 0 : ascending.get(i - 1));
    }
}
