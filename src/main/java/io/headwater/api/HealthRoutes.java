package io.headwater.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.headwater.api.HealthSource.Model;
import io.headwater.api.HealthSource.Snapshot;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/**
 * Health and metadata in the paths of the Open Inference Protocol, version 2. Beside what the protocol asks for, every
 * health answer tells each model's version, device and training.
 */
final class HealthRoutes {
    private final HealthSource source;
    private final String build;

    HealthRoutes(HealthSource source, String build) {
        this.source = source;
        this.build = build;
    }

    void addTo(ServerBuilder server) {
        server.route()
                .get("/v2")
                .build((context, request) -> Json.ok(metadata()).toHttpResponse());
        server.route().get("/v2/health/live").build((context, request) -> live().toHttpResponse());
        server.route().get("/v2/health/ready").build((context, request) -> ready().toHttpResponse());
        server.route()
                .get("/v2/models/{name}")
                .build((context, request) ->
                        model(context, HealthRoutes::metadata).toHttpResponse());
        server.route()
                .get("/v2/models/{name}/ready")
                .build((context, request) ->
                        model(context, HealthRoutes::modelReady).toHttpResponse());
    }

    private ObjectNode metadata() {
        ObjectNode body = Json.object().put("name", "headwater").put("version", build);
        body.putArray("extensions");
        return body;
    }

    private AggregatedHttpResponse live() {
        return Json.ok(details(Json.object().put("live", true), source.snapshot()));
    }

    private AggregatedHttpResponse ready() {
        Snapshot snapshot = source.snapshot();
        return ready(snapshot.ready(), details(Json.object().put("ready", snapshot.ready()), snapshot));
    }

    private static AggregatedHttpResponse modelReady(Model model) {
        ObjectNode body = Json.object().put("ready", model.ready());
        return ready(model.ready(), body.setAll(details(model)));
    }

    private static AggregatedHttpResponse ready(boolean ready, ObjectNode body) {
        return Json.answer(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, body);
    }

    private static AggregatedHttpResponse metadata(Model model) {
        ObjectNode body = Json.object().put("name", model.name());
        ArrayNode versions = body.putArray("versions");
        if (model.version() > 0) {
            versions.add(Long.toString(model.version()));
        }
        return Json.ok(body.put("platform", "onnxruntime_onnx"));
    }

    private AggregatedHttpResponse model(
            ServiceRequestContext context, Function<Model, AggregatedHttpResponse> answer) {
        String name = String.valueOf(context.pathParam("name"));
        return source.snapshot().models().stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .map(answer)
                .orElseGet(() -> Json.error(HttpStatus.NOT_FOUND, "there is no model '" + name + "' here"));
    }

    private static ObjectNode details(ObjectNode body, Snapshot snapshot) {
        ArrayNode models = body.putArray("models");
        snapshot.models().forEach(model -> models.add(details(model)));
        return body;
    }

    private static ObjectNode details(Model model) {
        ObjectNode body = Json.object()
                .put("name", model.name())
                .put("version", model.version())
                .put("scoring", model.scoring())
                .put("device", model.device());
        ObjectNode training =
                body.putObject("training").put("state", model.training().name().toLowerCase(Locale.ROOT));
        if (!model.trainingReason().isEmpty()) {
            training.put("reason", model.trainingReason());
        }
        model.waiting()
                .ifPresent(waiting -> body.putObject("waiting")
                        .put("version", waiting.version())
                        .put("since", Instant.ofEpochMilli(waiting.sinceMs()).toString())
                        .put("approved", waiting.isApproved()));
        return body;
    }
}
