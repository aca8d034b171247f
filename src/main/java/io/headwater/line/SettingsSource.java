package io.headwater.line;

import io.headwater.learn.Learner;
import io.headwater.registry.RegistryException;

/** Where a line gets what its settings make, by their SHA-256 (hex); empty where nobody gave them one. */
public interface SettingsSource {
    /**
     * What settings make.
     *
     * @param learner as it is at the start of a line; whoever asked for it closes it
     */
    record Made(Learner learner, LineSettings bounds) {}

    /** @throws RegistryException if the settings were not kept, or are not understood */
    Made make(String settingsSha256);

    /** How the settings of now differ from those of {@code before}, in words. */
    default String changesSince(String before, String now) {
        return now + " after " + before;
    }

    /** One learner, whose settings never change. */
    static SettingsSource fixed(Learner learner, LineSettings bounds) {
        return settingsSha256 -> {
            if (!settingsSha256.isEmpty()) {
                throw new RegistryException("the settings " + settingsSha256 + " are not kept here");
            }
            return new Made(learner, bounds);
        };
    }
}
