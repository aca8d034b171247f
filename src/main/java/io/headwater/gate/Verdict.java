package io.headwater.gate;

/** What the gate says of a candidate; each verdict gives its reason in one sentence. */
public sealed interface Verdict {
    String reason();

    /** The candidate becomes the next version. */
    record Promote(String reason) implements Verdict {}

    /** The candidate does not serve; its line keeps learning. */
    record Reject(String reason) implements Verdict {}

    /** There is not enough evidence yet, or an operator holds the gate. */
    record Wait(String reason) implements Verdict {}
}
