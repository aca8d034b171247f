package io.headwater.learn;

/** A random generator whose whole state is one number, so that a checkpoint can hold it. Not thread-safe. */
public final class SeededRandom {
    /*
     * SplitMix64: Steele, Lea & Flood, Fast Splittable Pseudorandom Number Generators (OOPSLA 2014), with the
     * constants of java.util.SplittableRandom, which hides its state.
     */
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    public SeededRandom(long seed) {
        this.state = seed;
    }

    public long nextLong() {
        state += GAMMA;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** Uniform in {@code [0, bound)}; the bias of the multiplication is below {@code bound / 2^63}. */
    public long nextLong(long bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("a bound is at least 1, not " + bound);
        }
        return Math.multiplyHigh(nextLong() >>> 1, bound << 1);
    }

    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    /** Uniform in {@code [0, 1)}. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Standard normal (Box and Muller, 1958). */
    public double nextGaussian() {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }

    /** Puts {@code values} into random order (Fisher and Yates). */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    public long state() {
        return state;
    }

    /** Goes on from what {@link #state()} gave. */
    public void restore(long state) {
        this.state = state;
    }
}
