package io.headwater.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * In which steps of the lineage rows were erased from the file beside this one.
 *
 * @param steps oldest first
 */
record ErasedSteps(List<Long> steps) {
    ErasedSteps {
        steps = List.copyOf(steps);
    }

    static void note(Path file, long step) throws IOException {
        List<Long> steps = new ArrayList<>(read(file));
        steps.add(step);
        DurableFiles.replace(file, VersionFiles.JSON.writeValueAsBytes(new ErasedSteps(steps)));
    }

    /** Empty where nothing was erased. */
    static List<Long> read(Path file) {
        try {
            return Files.exists(file)
                    ? VersionFiles.JSON
                            .readValue(Files.readAllBytes(file), ErasedSteps.class)
                            .steps()
                    : List.of();
        } catch (IOException e) {
            throw new RegistryException(file + " does not say what was erased: " + e.getMessage(), e);
        }
    }
}
