package io.headwater.offline.adapt;

import io.headwater.learn.adapt.Cdan;
import io.headwater.learn.adapt.Coral;
import io.headwater.learn.adapt.Dann;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.Mmd;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a model is adapted: on which representation of the rows, and by which term. */
public enum AdaptMethod {
    NONE("none", false, Optional.empty(), 0),
    CORAL("coral", false, Optional.of(new Coral()), 100),
    MMD("mmd", false, Optional.of(new Mmd()), 1),
    DANN("dann", false, Optional.of(new Dann()), 0.1),
    CDAN("cdan", false, Optional.of(new Cdan()), 0.1),
    MSDA("msda", true, Optional.empty(), 0),
    MSDA_CORAL("msda+coral", true, Optional.of(new Coral()), 100),
    MSDA_MMD("msda+mmd", true, Optional.of(new Mmd()), 1),
    MSDA_DANN("msda+dann", true, Optional.of(new Dann()), 0.1),
    MSDA_CDAN("msda+cdan", true, Optional.of(new Cdan()), 0.1);

    private final String spelled;
    private final boolean autoencoder;
    private final Optional<DomainTerm> term;
    private final double fullStrength;

    AdaptMethod(String spelled, boolean autoencoder, Optional<DomainTerm> term, double fullStrength) {
        this.spelled = spelled;
        this.autoencoder = autoencoder;
        this.term = term;
        this.fullStrength = fullStrength;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static AdaptMethod of(String name) {
        return Arrays.stream(values())
                .filter(method -> method.spelled.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--method is '" + name + "'; allowed are " + String.join(", ", names())));
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(method -> method.spelled).toList();
    }

    /** As the user writes it. */
    public String spelled() {
        return spelled;
    }

    /** Whether the rows go through a marginalized stacked denoising autoencoder first. */
    public boolean hasAutoencoder() {
        return autoencoder;
    }

    public Optional<DomainTerm> term() {
        return term;
    }

    /** The same representation without a term: λ = 0. */
    public AdaptMethod unadapted() {
        return autoencoder ? MSDA : NONE;
    }

    /**
     * λ where none is given: the full strength where the domains can be told apart every time, none where they are alike
     * and there is nothing to align, in proportion between.
     *
     * @param distance proxy A-distance of the rows, 0 to 2
     */
    public double strength(double distance) {
        return fullStrength * Math.min(1, distance / 2);
    }
}
