package io.headwater.learn.retain;

import io.headwater.learn.Allowed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How a learner on a stream is kept from forgetting. What is kept are its weights as they stood last, at first those of
 * the source model.
 *
 * @param method what holds the learner to them, or nothing
 * @param strength its weight beside the loss of a row; empty: the method's own
 * @param every labelled rows after which what is kept is taken anew
 */
public record StreamRetention(Method method, OptionalDouble strength, int every) {
    /** What holds a learner to its earlier self. */
    public enum Method {
        NONE("none", 0),
        /** Squared distance of the weights, {@link L2Sp}. */
        L2_SP("l2-sp", 0.1),
        /** The same, by what each weight matters to what was learned, {@link Ewc}. */
        EWC("ewc", 1_000),
        /** Its predictions on the rows of a step, {@link Distillation}. */
        DISTILLATION("distillation", 1);

        private final String spelled;
        private final double usual;

        Method(String spelled, double usual) {
            this.spelled = spelled;
            this.usual = usual;
        }

        /** As the user writes it. */
        public String spelled() {
            return spelled;
        }

        public static List<String> names() {
            return Arrays.stream(values()).map(Method::spelled).toList();
        }

        /** @throws IllegalArgumentException if there is none of that name */
        public static Method of(String name) {
            return Arrays.stream(values())
                    .filter(method -> method.spelled.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the method of retention is '" + name + "'; allowed are " + String.join(", ", names())));
        }
    }

    public static final StreamRetention NONE = by(Method.NONE);

    public StreamRetention {
        Allowed.within("the labelled rows between two anchors of retention", every, 1, 1_000_000_000);
        if (strength.isPresent()) {
            Allowed.above("the strength of retention", strength.getAsDouble(), 0, 1e9);
        }
    }

    /** As it is where nobody says otherwise, but for the method. */
    public static StreamRetention by(Method method) {
        return new StreamRetention(method, OptionalDouble.empty(), 2_000);
    }

    public boolean isUsed() {
        return method != Method.NONE;
    }

    /** The weight of the term. */
    public double weight() {
        return strength.orElse(method.usual);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s at %s, anchored every %,d labels", method.spelled, weight(), every);
    }
}
