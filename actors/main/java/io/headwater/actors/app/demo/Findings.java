package io.headwater.actors.app.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one scenario alone has to show at its end. */
sealed interface Findings permits CardSummary, TargetReport {
    /** Adds it to the summary's object. */
    void put(ObjectNode json);

    /** The same for people, on several lines. */
    String toTable();
}
