package io.headwater;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/** Something outside Maven that a test needs. Without it the test fails in CI; elsewhere it says that it did not run. */
public final class Prerequisite {
    private Prerequisite() {}

    /**
     * @param met whether the machine has it
     * @param what is missing otherwise, and where it comes from
     */
    public static void require(boolean met, Class<?> test, String what) {
        if (met) {
            return;
        }
        String message = test.getSimpleName() + " did not run: " + what;
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        System.out.println(message);
        abort(message);
    }
}
