package io.headwater.actors;

import io.headwater.api.HealthSource;
import java.util.List;

/** How the models of this process are doing, from what their actors told last. */
final class Health implements HealthSource {
    private final List<ModelParts> models;

    Health(List<ModelParts> models) {
        this.models = List.copyOf(models);
    }

    @Override
    public Snapshot snapshot() {
        return new Snapshot(models.stream()
                .map(model -> {
                    Telemetry telemetry = model.telemetry();
                    return new Model(
                            model.name(),
                            telemetry.progress().version(),
                            telemetry.scoring(),
                            telemetry.device(),
                            telemetry.training(),
                            telemetry.trainingReason(),
                            telemetry.waiting());
                })
                .toList());
    }
}
