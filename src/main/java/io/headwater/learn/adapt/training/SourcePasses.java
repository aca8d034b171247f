package io.headwater.learn.adapt.training;

import io.headwater.learn.SeededRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Which source rows the passes of a training take. Of one domain each pass has every row once. Of several, each with a
 * weight, a pass has as many rows as there are, and a domain its share of them: its rows come in turn, the first of them
 * again only after the last.
 */
public final class SourcePasses {
    private final int[][] domains;
    /** Rows of a domain in a pass. */
    private final int[] counts;

    private SourcePasses(int[][] domains, int[] counts) {
        this.domains = domains;
        this.counts = counts;
    }

    /** @param rows numbers of the rows */
    public static SourcePasses of(int[] rows) {
        return new SourcePasses(new int[][] {rows.clone()}, new int[] {rows.length});
    }

    /**
     * @param domains numbers of the rows of each, at least one
     * @param weights of the domains, which sum to 1
     */
    public static SourcePasses weighted(List<int[]> domains, List<Double> weights) {
        if (domains.size() != weights.size() || domains.stream().anyMatch(rows -> rows.length == 0)) {
            throw new IllegalArgumentException(weights.size() + " weights of " + domains.size()
                    + " domains; one for each, and at least one row in each, is needed");
        }
        int rows = domains.stream().mapToInt(domain -> domain.length).sum();
        int[] counts = new int[domains.size()];
        double until = 0;
        int given = 0;
        for (int i = 0; i < counts.length; i++) {
            until += weights.get(i);
            // Rounded sums, so that the counts sum to the rows.
            counts[i] = (i == counts.length - 1 ? rows : (int) Math.min(rows, Math.round(until * rows))) - given;
            given += counts[i];
        }
        return new SourcePasses(domains.stream().map(int[]::clone).toArray(int[][]::new), counts);
    }

    /** Rows of a pass. */
    int size() {
        return Arrays.stream(counts).sum();
    }

    /** Begins a training. */
    Course begin(SeededRandom random) {
        return new Course(random);
    }

    /** The passes of one training. */
    final class Course {
        private final SeededRandom random;
        private final int[][] rows = Arrays.stream(domains).map(int[]::clone).toArray(int[][]::new);
        private final int[] taken = new int[domains.length];
        private final int[] pass = new int[size()];

        private Course(SeededRandom random) {
            this.random = random;
        }

        /** The rows of the next pass, in its order; valid until the one after that. */
        int[] next() {
            if (rows.length == 1) {
                random.shuffle(rows[0]);
                return rows[0];
            }
            int at = 0;
            for (int domain = 0; domain < rows.length; domain++) {
                for (int i = 0; i < counts[domain]; i++) {
                    if (taken[domain] % rows[domain].length == 0) {
                        random.shuffle(rows[domain]);
                        taken[domain] = 0;
                    }
                    pass[at++] = rows[domain][taken[domain]++];
                }
            }
            random.shuffle(pass);
            return pass;
        }
    }
}
