package io.headwater.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The root: one {@link ModelActor} for each served model. Finishing lets every model finish what it has in hand. */
public final class Guardian extends AbstractBehavior<Guardian.Command> {
    /** What the root takes. */
    public sealed interface Command {}

    /** Open all models. */
    record Open() implements Command {}

    /** Finish all models, then end the system. */
    public record Finish() implements Command {}

    /** An operator's request to the registry of a model that runs here. */
    record Administer(String model, RegistryActor.Command request, Runnable starting) implements Command {}

    private record Gone(String model) implements Command {}

    static Behavior<Command> create(List<ModelParts> models) {
        return Behaviors.setup(context -> new Guardian(context, models));
    }

    private final List<ModelParts> all;
    private final Map<String, ActorRef<ModelActor.Command>> models = new HashMap<>();
    private boolean finishing;

    private Guardian(ActorContext<Command> context, List<ModelParts> all) {
        super(context);
        this.all = all;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Open.class, this::onOpen)
                .onMessage(Administer.class, this::onAdminister)
                .onMessage(Finish.class, this::onFinish)
                .onMessage(Gone.class, this::onGone)
                .build();
    }

    private Behavior<Command> onOpen(Open message) {
        for (ModelParts parts : all) {
            ActorRef<ModelActor.Command> model = getContext().spawn(ModelActor.create(parts), parts.name());
            getContext().watchWith(model, new Gone(parts.name()));
            models.put(parts.name(), model);
        }
        return this;
    }

    private Behavior<Command> onAdminister(Administer message) {
        ActorRef<ModelActor.Command> model = models.get(message.model());
        if (model == null) {
            message.starting().run();
        } else {
            model.tell(new ModelActor.Administer(message.request(), message.starting()));
        }
        return this;
    }

    private Behavior<Command> onFinish(Finish message) {
        finishing = true;
        models.values().forEach(model -> model.tell(new ModelActor.Finish()));
        return models.isEmpty() ? Behaviors.stopped() : this;
    }

    private Behavior<Command> onGone(Gone message) {
        models.remove(message.model());
        return finishing && models.isEmpty() ? Behaviors.stopped() : this;
    }
}
