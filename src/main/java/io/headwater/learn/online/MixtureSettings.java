package io.headwater.learn.online;

/**
 * Which members a mixture has. There is no step size to choose: the members have several, and the stack finds out which
 * are right.
 *
 * @param linear linear models
 * @param ferns random ferns
 * @param net a small net
 * @param trends whether members also see how far a column is from its own recent mean, and how labels went lately
 * @param guests members from outside, whose logits the caller hands in with each row
 * @param seed of the ferns' questions
 */
public record MixtureSettings(boolean linear, boolean ferns, boolean net, boolean trends, int guests, long seed) {
    private static final int MAX_GUESTS = 16;

    public MixtureSettings {
        if (!linear && !ferns && !net && guests == 0) {
            throw new IllegalArgumentException("a mixture has members: linear models, ferns, a net or guests");
        }
        if (guests < 0 || guests > MAX_GUESTS) {
            throw new IllegalArgumentException("a mixture has 0 to " + MAX_GUESTS + " guests, not " + guests);
        }
    }

    /** Everything that a mixture has of its own. */
    public static MixtureSettings of(long seed) {
        return new MixtureSettings(true, true, true, true, 0, seed);
    }
}
