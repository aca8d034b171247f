package io.headwater.feature;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the rows of a model are: the tensors that its graph reads, and what made them. Rows of equal layouts are
 * interchangeable.
 *
 * @param origin how the rows are made, as far as their tensors do not say it: hash buckets, or the frozen part of a
 *     backbone by its SHA-256
 */
public record RowLayout(List<RowTensor> tensors, String origin) {
    public RowLayout {
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        if (tensors.isEmpty() || !tensors.stream().allMatch(tensor -> names.add(tensor.name()))) {
            throw new IllegalArgumentException("rows of " + tensors + "; one tensor at least, each name once");
        }
    }

    /** The tensor's place in {@link #tensors}, or -1. */
    public int indexOf(String name) {
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Memory of one row. */
    public long rowBytes() {
        return tensors.stream()
                .mapToLong(tensor -> (long) tensor.width() * tensor.element().bytes())
                .sum();
    }

    /** How many rows {@code bytes} hold, at least {@code least} and at most {@code most}. */
    public int rowsIn(long bytes, int least, int most) {
        return (int) Math.max(least, Math.min(most, bytes / rowBytes()));
    }

    /** Columns of the numeric tensor, 0 where there is none. */
    public int numericWidth() {
        int index = indexOf(ModelSignature.NUMERIC);
        return index < 0 ? 0 : tensors.get(index).width();
    }
}
