package io.headwater.registry;

/** One version of one model. Numbers begin at 1 and are never used twice. */
public record ModelVersion(String model, long number) {
    public ModelVersion {
        if (number < 1) {
            throw new IllegalArgumentException("versions begin at 1, not " + number);
        }
    }

    @Override
    public String toString() {
        return model + "/" + number;
    }
}
