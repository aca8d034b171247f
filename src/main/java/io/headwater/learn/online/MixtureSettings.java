package io.headwater.learn.online;

/**
 * Which members a mixture has. There is no step size to choose: the members have several, and the stack finds out which
 * are right.
 *
 * @param linear linear models
 * @param ferns random ferns
 * @param net a small net
 * @param trends whether members also see how far a column is from its own recent mean, and how labels went lately
 * @param seed of the ferns' questions
 */
public record MixtureSettings(boolean linear, boolean ferns, boolean net, boolean trends, long seed) {
    public MixtureSettings {
        if (!linear && !ferns && !net) {
            throw new IllegalArgumentException("a mixture has members: linear models, ferns or a net");
        }
    }

    /** Everything that a mixture has of its own. */
    public static MixtureSettings of(long seed) {
        return new MixtureSettings(true, true, true, true, seed);
    }
}
