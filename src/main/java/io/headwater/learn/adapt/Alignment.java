package io.headwater.learn.adapt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which term aligns two domains, and the λ that is its full strength. */
public enum Alignment {
    NONE("none", Optional.empty(), 0),
    CORAL("coral", Optional.of(new Coral()), 3),
    MMD("mmd", Optional.of(new Mmd()), 1),
    DANN("dann", Optional.of(new Dann()), 0.1),
    CDAN("cdan", Optional.of(new Cdan()), 0.1);

    private final String spelled;
    private final Optional<DomainTerm> term;
    private final double fullStrength;

    Alignment(String spelled, Optional<DomainTerm> term, double fullStrength) {
        this.spelled = spelled;
        this.term = term;
        this.fullStrength = fullStrength;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static Alignment of(String name) {
        return Arrays.stream(values())
                .filter(alignment -> alignment.spelled.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the method of adaptation is '" + name + "'; allowed are " + String.join(", ", names())));
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(alignment -> alignment.spelled).toList();
    }

    /** As the user writes it. */
    public String spelled() {
        return spelled;
    }

    public Optional<DomainTerm> term() {
        return term;
    }

    public boolean isUsed() {
        return term.isPresent();
    }

    /**
     * λ by how far the domains lie apart: the full strength where they can be told apart every time, none where they are
     * alike and there is nothing to align, in proportion between.
     *
     * @param distance proxy A-distance of the rows, 0 to 2
     */
    public double strength(double distance) {
        return fullStrength * Math.min(1, distance / 2);
    }

    /**
     * What {@link DomainTerm#loss} gave, without its λ: the adversarial terms have theirs in the reversed gradient alone.
     *
     * @param strength the λ of that loss, above 0
     */
    public double unweighted(double loss, double strength) {
        return this == DANN || this == CDAN ? loss : loss / strength;
    }
}
