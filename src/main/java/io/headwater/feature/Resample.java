package io.headwater.feature;

/** How new pixels are mixed from old ones; the numbers are those of Pillow, which Hugging Face's files use. */
public enum Resample {
    NEAREST(0, 0),
    LANCZOS(1, 3),
    BILINEAR(2, 1),
    BICUBIC(3, 2);

    private final int code;
    private final int support;

    Resample(int code, int support) {
        this.code = code;
        this.support = support;
    }

    static Resample of(int code) {
        for (Resample resample : values()) {
            if (resample.code == code) {
                return resample;
            }
        }
        throw new IllegalArgumentException(
                "resample is " + code + "; allowed are 0 (nearest), 1 (Lanczos), 2 (bilinear) and 3 (bicubic)");
    }

    /** How far the filter reaches, in pixels of the smaller of the two grids. */
    int support() {
        return support;
    }

    /** The filter's height at distance {@code x}. */
    double weight(double x) {
        double d = Math.abs(x);
        return switch (this) {
            case NEAREST -> d < 0.5 ? 1 : 0;
            case BILINEAR -> d < 1 ? 1 - d : 0;
            case BICUBIC -> bicubic(d);
            case LANCZOS -> d < 3 ? sinc(d) * sinc(d / 3) : 0;
        };
    }

    private static double bicubic(double d) {
        if (d < 1) {
            return (1.5 * d - 2.5) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * -0.5 : 0;
    }

    private static double sinc(double d) {
        if (d == 0) {
            return 1;
        }
        double angle = d * StrictMath.PI;
        return StrictMath.sin(angle) / angle;
    }
}
