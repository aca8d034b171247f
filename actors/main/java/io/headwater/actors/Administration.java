package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.headwater.api.ModelAdmin;
import io.headwater.event.RowKey;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Takes an operator's requests from the HTTP server to the registry of the model. */
final class Administration implements ModelAdmin {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Every kept version is opened, one after the other. */
    private static final Duration ERASING = Duration.ofMinutes(5);

    private final ActorSystem<Guardian.Command> system;
    private final Set<String> models;

    Administration(ActorSystem<Guardian.Command> system, Set<String> models) {
        this.system = system;
        this.models = Set.copyOf(models);
    }

    @Override
    public CompletionStage<Answer<List<Version>>> versions(String model) {
        return ask(model, RegistryActor.Versions::new);
    }

    @Override
    public CompletionStage<Answer<Long>> change(
            String model, Action how, OptionalLong version, String who, String why) {
        return ask(model, replyTo -> new RegistryActor.Choose(version, how, who, why, replyTo));
    }

    @Override
    public CompletionStage<Answer<List<AuditRecord>>> audit(String model, int last) {
        return ask(model, replyTo -> new RegistryActor.Audit(last, replyTo));
    }

    @Override
    public CompletionStage<Answer<Erasure>> erase(String model, List<String> owners, String who, String why) {
        List<Long> keys = owners.stream().map(RowKey::of).distinct().toList();
        return ask(model, ERASING, replyTo -> new RegistryActor.Erase(keys, who, why, replyTo));
    }

    private <T> CompletionStage<Answer<T>> ask(
            String model, Function<ActorRef<Answer<T>>, RegistryActor.Command> request) {
        return ask(model, PATIENCE, request);
    }

    private <T> CompletionStage<Answer<T>> ask(
            String model, Duration patience, Function<ActorRef<Answer<T>>, RegistryActor.Command> request) {
        if (!models.contains(model)) {
            return CompletableFuture.completedFuture(new Refused<>(
                    Cause.UNKNOWN, "no model '" + model + "' runs here; there is " + String.join(", ", models)));
        }
        return AskPattern.<Guardian.Command, Answer<T>>ask(
                system,
                replyTo -> new Guardian.Administer(
                        model,
                        request.apply(replyTo),
                        () -> replyTo.tell(
                                new Refused<>(Cause.CONFLICT, "model '" + model + "' is starting or has stopped"))),
                patience,
                system.scheduler());
    }
}
