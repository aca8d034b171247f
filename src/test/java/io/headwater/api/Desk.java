package io.headwater.api;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.Waiting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A desk with versions 1 and 2 of "flights", of which 2 serves, and a "broken" model that does not answer. */
final class Desk implements ModelAdmin {
    private static final Waits WAITS = new Waits(
            new Waiting(3, 2, 1_000, 400, "", ""),
            91_000,
            Optional.of(new Line(70, Map.of("champion_log_loss_nats", 0.5))));
    final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Answer<List<Version>>> versions(String model) {
        return CompletableFuture.completedFuture(
                model.equals("flights")
                        ? new Done<>(List.of(
                                new Version(manifest(1), false, true, Optional.empty()),
                                new Version(manifest(2), true, false, Optional.empty()),
                                new Version(manifest(3), false, false, Optional.of(WAITS))))
                        : new Refused<>(Cause.UNKNOWN, "there is no model '" + model + "'"));
    }

    @Override
    public CompletionStage<Answer<Long>> change(
            String model, Action how, OptionalLong version, String who, String why) {
        if (how == Action.PROMOTE && version.equals(OptionalLong.of(2))) {
            return CompletableFuture.completedFuture(
                    new Refused<>(Cause.CONFLICT, "version 2 of flights serves already"));
        }
        long usual = how == Action.ROLL_BACK ? 1 : 2;
        return choose(how.name(), model, version, version.orElse(usual), who, why);
    }

    @Override
    public CompletionStage<Answer<List<AuditRecord>>> audit(String model, int last) {
        calls.add("audit " + last);
        return CompletableFuture.completedFuture(
                new Done<>(List.of(new AuditRecord(5, "ann", AuditRecord.Action.PIN, 1, 2, "an inquiry"))));
    }

    @Override
    public CompletionStage<Answer<Erasure>> erase(String model, List<String> owners, String who, String why) {
        calls.add("erase " + owners.size() + " of " + model + " by " + who + ": " + why);
        return CompletableFuture.completedFuture(
                new Done<>(new Erasure(812, owners.size(), 1, 3, List.of(1L, 2L), false, List.of("the weights"))));
    }

    private CompletionStage<Answer<Long>> choose(
            String how, String model, OptionalLong version, long chosen, String who, String why) {
        if (model.equals("broken")) {
            return CompletableFuture.failedFuture(new IllegalStateException("planted"));
        }
        if (chosen > 2) {
            return CompletableFuture.completedFuture(
                    new Refused<>(Cause.UNKNOWN, "flights has no version " + chosen + "; kept are 1 and 2"));
        }
        calls.add(how + " " + model + " " + version + " by " + who + ": " + why);
        return CompletableFuture.completedFuture(new Done<>(chosen));
    }

    private static Manifest manifest(long version) {
        return new Manifest(
                "flights",
                version,
                version - 1,
                0,
                0,
                "",
                "",
                0,
                0,
                0,
                Map.of(),
                "",
                new Manifest.Features(List.of(), List.of(), 2, "", "", ""),
                Map.of(),
                version == 1 ? "the source model" : "better",
                AuditRecord.GATE,
                "",
                Map.of());
    }
}
