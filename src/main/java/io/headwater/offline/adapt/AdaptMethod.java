package io.headwater.offline.adapt;

import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.DomainTerm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a model is adapted: on which representation of the rows, and by which term. */
public enum AdaptMethod {
    NONE(Alignment.NONE, false),
    CORAL(Alignment.CORAL, false),
    MMD(Alignment.MMD, false),
    DANN(Alignment.DANN, false),
    CDAN(Alignment.CDAN, false),
    MSDA(Alignment.NONE, true),
    MSDA_CORAL(Alignment.CORAL, true),
    MSDA_MMD(Alignment.MMD, true),
    MSDA_DANN(Alignment.DANN, true),
    MSDA_CDAN(Alignment.CDAN, true);

    private static final String AUTOENCODER = "msda";

    private final Alignment alignment;
    private final boolean autoencoder;

    AdaptMethod(Alignment alignment, boolean autoencoder) {
        this.alignment = alignment;
        this.autoencoder = autoencoder;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static AdaptMethod of(String name) {
        return Arrays.stream(values())
                .filter(method -> method.spelled().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--method is '" + name + "'; allowed are " + String.join(", ", names())));
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(AdaptMethod::spelled).toList();
    }

    /** As the user writes it. */
    public String spelled() {
        if (!autoencoder) {
            return alignment.spelled();
        }
        return alignment.isUsed() ? AUTOENCODER + "+" + alignment.spelled() : AUTOENCODER;
    }

    /** Whether the rows go through a marginalized stacked denoising autoencoder first. */
    public boolean hasAutoencoder() {
        return autoencoder;
    }

    public Optional<DomainTerm> term() {
        return alignment.term();
    }

    /** The same representation without a term: λ = 0. */
    public AdaptMethod unadapted() {
        return autoencoder ? MSDA : NONE;
    }

    /** λ where none is given: see {@link Alignment#strength}. */
    public double strength(double distance) {
        return alignment.strength(distance);
    }
}
