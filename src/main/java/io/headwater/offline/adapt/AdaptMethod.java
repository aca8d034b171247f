package io.headwater.offline.adapt;

import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.DomainTerm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a model is adapted: which model, on which representation of the rows, and by which term. */
public enum AdaptMethod {
    NONE("none", Alignment.NONE, Basis.ROWS),
    CORAL("coral", Alignment.CORAL, Basis.ROWS),
    MMD("mmd", Alignment.MMD, Basis.ROWS),
    DANN("dann", Alignment.DANN, Basis.ROWS),
    CDAN("cdan", Alignment.CDAN, Basis.ROWS),
    MSDA("msda", Alignment.NONE, Basis.AUTOENCODER),
    MSDA_CORAL("msda+coral", Alignment.CORAL, Basis.AUTOENCODER),
    MSDA_MMD("msda+mmd", Alignment.MMD, Basis.AUTOENCODER),
    MSDA_DANN("msda+dann", Alignment.DANN, Basis.AUTOENCODER),
    MSDA_CDAN("msda+cdan", Alignment.CDAN, Basis.AUTOENCODER),
    EXACT("exact", Alignment.NONE, Basis.EXACT),
    RECOLOUR("recolour", Alignment.NONE, Basis.RECOLOURED);

    /** What learns, and of what. */
    private enum Basis {
        /** A net, of the rows. */
        ROWS,
        /** A net, of the rows and the features of a marginalized stacked denoising autoencoder. */
        AUTOENCODER,
        /** The exact learner, of the rows. */
        EXACT,
        /** The exact learner, of source rows with the target's mean and covariance. */
        RECOLOURED
    }

    private final String spelled;
    private final Alignment alignment;
    private final Basis basis;

    AdaptMethod(String spelled, Alignment alignment, Basis basis) {
        this.spelled = spelled;
        this.alignment = alignment;
        this.basis = basis;
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
        return spelled;
    }

    /** Whether the rows go through a marginalized stacked denoising autoencoder first. */
    public boolean hasAutoencoder() {
        return basis == Basis.AUTOENCODER;
    }

    /** Whether source rows get the target's mean and covariance first. */
    public boolean isRecoloured() {
        return basis == Basis.RECOLOURED;
    }

    /** Whether the model is linear and solved exactly, no net. */
    public boolean isExact() {
        return basis == Basis.EXACT || basis == Basis.RECOLOURED;
    }

    public Optional<DomainTerm> term() {
        return alignment.term();
    }

    /** The same model without what adapts it: of a net, λ = 0 on the same representation. */
    public AdaptMethod unadapted() {
        return switch (basis) {
            case ROWS -> NONE;
            case AUTOENCODER -> MSDA;
            case EXACT, RECOLOURED -> EXACT;
        };
    }

    /** λ where none is given: see {@link Alignment#strength}. */
    public double strength(double distance) {
        return alignment.strength(distance);
    }
}
