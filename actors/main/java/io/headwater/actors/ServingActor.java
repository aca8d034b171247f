package io.headwater.actors;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.headwater.feature.RowLayout;
import io.headwater.ort.ModelLoadException;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.ServedModel;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the slot that scoring threads read: loads and warms the next version off their threads, then swaps one
 * reference. Scores never pass through its mailbox.
 */
final class ServingActor extends AbstractBehavior<ServingActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(ServingActor.class);

    sealed interface Command {}

    /** Version {@code version} serves from here on; {@code appendedMs} as in {@link GateActor.Judge}. */
    record Serve(long version, byte[] onnx, long[] appendedMs) implements Command {}

    static Behavior<Command> create(String model, RowLayout layout, ModelSlot slot, Telemetry telemetry, Clock clock) {
        return Behaviors.setup(context -> new ServingActor(context, model, layout, slot, telemetry, clock));
    }

    private final String model;
    private final RowLayout layout;
    private final ModelSlot slot;
    private final Telemetry telemetry;
    private final Clock clock;

    private ServingActor(
            ActorContext<Command> context,
            String model,
            RowLayout layout,
            ModelSlot slot,
            Telemetry telemetry,
            Clock clock) {
        super(context);
        this.model = model;
        this.layout = layout;
        this.slot = slot;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Serve.class, this::onServe).build();
    }

    private Behavior<Command> onServe(Serve message) {
        long before = System.nanoTime();
        try {
            slot.swap(ServedModel.load(model, message.version(), message.onnx(), layout));
        } catch (ModelLoadException e) {
            LOG.atError()
                    .addKeyValue("model", model)
                    .log(
                            "version {} cannot be loaded, {} serves on: {}",
                            message.version(),
                            slot.version(),
                            e.getMessage());
            return this;
        }
        telemetry.swapped(message.version(), System.nanoTime() - before, clock.millis(), message.appendedMs());
        return this;
    }
}
