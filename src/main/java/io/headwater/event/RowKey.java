package io.headwater.event;

/**
 * Whose a row is, in 64 bits: what rows that are kept to be learned again can be found and erased by. The text itself,
 * a card's number perhaps, is not kept with them. Two texts share a key with a probability of 2<sup>-64</sup>; then one
 * row too many is erased. It is no secret: whoever has a list of all texts can find the one that a key was made of.
 */
public final class RowKey {
    /** Of a row that is nobody's. */
    public static final long NONE = 0;

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private RowKey() {}

    /** The key of {@code text}, never {@link #NONE} but of the empty text; the same in every release. */
    public static long of(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        // FNV-1a over the UTF-16 units, then the finalizer of SplitMix64: FNV alone leaves short texts close together.
        long hash = OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return hash == NONE ? 1 : hash;
    }
}
