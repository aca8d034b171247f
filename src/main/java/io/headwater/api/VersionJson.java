package io.headwater.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.ModelAdmin.Version;
import io.headwater.api.ModelAdmin.Waits;
import io.headwater.registry.Waiting;
import java.time.Instant;

/** A version as an operator sees it: its manifest, what it does now, and what there is to say of it while it waits. */
public final class VersionJson {
    private VersionJson() {}

    public static ObjectNode of(Version version) {
        ObjectNode body = Json.objectOf(version.manifest())
                .put("state", state(version))
                .put("serves", version.serves())
                .put("pinned", version.pinned());
        version.waits().ifPresent(waits -> body.set("waiting", waiting(version, waits)));
        return body;
    }

    private static String state(Version version) {
        if (version.serves()) {
            return "serving";
        }
        return version.waits()
                .map(waits -> waits.waiting().isApproved() ? "approved" : "waiting")
                .orElse("kept");
    }

    /** What it was judged on lies in its manifest, under {@code gate}: this is how old that is, and how it stands now. */
    private static ObjectNode waiting(Version version, Waits waits) {
        Waiting waiting = waits.waiting();
        ObjectNode body = Json.object()
                .put("since", Instant.ofEpochMilli(waiting.sinceMs()).toString())
                .put("waitedMs", Math.max(0, waits.nowMs() - waiting.sinceMs()))
                .put("champion", waiting.champion());
        if (waiting.isApproved()) {
            body.put("approvedBy", waiting.approvedBy()).put("note", waiting.note());
        }
        waits.line().ifPresent(line -> {
            body.put(
                    "examplesLearnedSince",
                    line.examplesLearned() - version.manifest().examplesLearned());
            body.set("now", Json.objectOf(line.figures()));
        });
        return body;
    }
}
