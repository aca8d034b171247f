package io.headwater.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.headwater.api.ModelAdmin.Answer;
import io.headwater.api.ModelAdmin.Cause;
import io.headwater.api.ModelAdmin.Done;
import io.headwater.api.ModelAdmin.Refused;
import io.headwater.api.ModelAdmin.Version;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's calls. They have no password, so they are answered on the machine itself only, whatever address the
 * server listens on, and never to a web page: a browser says where a page came from in the header {@code Origin}.
 */
final class AdminRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
    private static final int LONGEST_TEXT = 1_000;
    private static final long LONGEST_OWNERS_BYTES = 4 << 20;
    /** Longer than an erasure waits for the actors that it asks. */
    private static final Duration ERASING = Duration.ofMinutes(6);

    private final ModelAdmin admin;

    AdminRoutes(ModelAdmin admin) {
        this.admin = admin;
    }

    void addTo(ServerBuilder server) {
        server.route().get("/admin/models/{name}/versions").build(guarded(this::versions));
        server.route().get("/admin/models/{name}/audit").build(guarded(this::audit));
        server.route()
                .post("/admin/models/{name}/erase")
                .maxRequestLength(LONGEST_OWNERS_BYTES)
                .requestTimeout(ERASING)
                .build(guarded((context, request) ->
                        request.aggregate().thenCompose(whole -> erase(context, whole.contentUtf8()))));
        Map.of(
                        "rollback", Action.ROLL_BACK,
                        "promote", Action.PROMOTE,
                        "approve", Action.APPROVE,
                        "reject", Action.REJECT,
                        "pin", Action.PIN,
                        "unpin", Action.UNPIN)
                .forEach((name, how) ->
                        server.route().post("/admin/models/{name}/" + name).build(guarded(change(how))));
    }

    private static HttpService guarded(Function<ServiceRequestContext, CompletionStage<AggregatedHttpResponse>> call) {
        return guarded((context, request) -> call.apply(context));
    }

    private static HttpService guarded(
            BiFunction<ServiceRequestContext, HttpRequest, CompletionStage<AggregatedHttpResponse>> call) {
        return (context, request) -> {
            String refusal = refusal(context, request);
            if (refusal != null) {
                return Json.error(HttpStatus.FORBIDDEN, refusal).toHttpResponse();
            }
            try {
                return HttpResponse.of(call.apply(context, request)
                        .exceptionally(failure -> unanswered(context, failure))
                        .thenApply(AggregatedHttpResponse::toHttpResponse));
            } catch (BadQueryException e) {
                return Json.error(HttpStatus.BAD_REQUEST, e.sentence).toHttpResponse();
            }
        };
    }

    private static @Nullable String refusal(ServiceRequestContext context, HttpRequest request) {
        if (!context.remoteAddress().getAddress().isLoopbackAddress()) {
            return "admin calls are answered on the machine that Headwater runs on, not to "
                    + context.remoteAddress().getAddress().getHostAddress();
        }
        if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
            return "admin calls are not answered to web pages";
        }
        return null;
    }

    private static AggregatedHttpResponse unanswered(ServiceRequestContext context, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BadQueryException bad) {
            return Json.error(HttpStatus.BAD_REQUEST, bad.sentence);
        }
        LOG.atWarn()
                .setMessage("an admin call got no answer")
                .addKeyValue("path", context.path())
                .addKeyValue("cause", failure.toString())
                .log();
        return Json.error(
                HttpStatus.SERVICE_UNAVAILABLE, context.path() + " got no answer; it may still be done: look again");
    }

    private CompletionStage<AggregatedHttpResponse> versions(ServiceRequestContext context) {
        return admin.versions(model(context)).thenApply(answer -> render(answer, AdminRoutes::list));
    }

    private CompletionStage<AggregatedHttpResponse> audit(ServiceRequestContext context) {
        return admin.audit(model(context), last(context)).thenApply(answer -> render(answer, AdminRoutes::trail));
    }

    private CompletionStage<AggregatedHttpResponse> erase(ServiceRequestContext context, String body) {
        return admin.erase(model(context), Owners.read(body), who(context), why(context))
                .thenApply(answer -> render(answer, Json::objectOf));
    }

    private Function<ServiceRequestContext, CompletionStage<AggregatedHttpResponse>> change(Action how) {
        return context -> admin.change(model(context), how, version(context), who(context), why(context))
                .thenApply(answer -> render(answer, AdminRoutes::changed));
    }

    private static <T> AggregatedHttpResponse render(Answer<T> answer, Function<T, ObjectNode> body) {
        if (answer instanceof Refused<T> refused) {
            HttpStatus status = refused.cause() == Cause.UNKNOWN ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT;
            return Json.error(status, refused.reason());
        }
        return Json.ok(body.apply(((Done<T>) answer).value()));
    }

    private static ObjectNode list(List<Version> versions) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("versions");
        versions.forEach(version -> list.add(VersionJson.of(version)));
        return body;
    }

    private static ObjectNode trail(List<AuditRecord> records) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("audit");
        records.forEach(record -> list.add(Json.objectOf(record)));
        return body;
    }

    private static ObjectNode changed(long version) {
        return Json.object().put("version", version);
    }

    private static String model(ServiceRequestContext context) {
        return String.valueOf(context.pathParam("name"));
    }

    private static OptionalLong version(ServiceRequestContext context) {
        String text = context.queryParam("version");
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw new BadQueryException("version must be a whole number from 1 up, not '" + text + "'");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static int last(ServiceRequestContext context) {
        String text = context.queryParam("last");
        if (text == null) {
            return ModelAdmin.USUAL_RECORDS;
        }
        if (!text.matches("[1-9][0-9]{0,5}") || Integer.parseInt(text) > ModelAdmin.MOST_RECORDS) {
            throw new BadQueryException(
                    "last must be a whole number from 1 to " + ModelAdmin.MOST_RECORDS + ", not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static String who(ServiceRequestContext context) {
        return text(context, "who", "operator");
    }

    private static String why(ServiceRequestContext context) {
        return text(context, "why", "no reason given");
    }

    private static String text(ServiceRequestContext context, String parameter, String otherwise) {
        String text = context.queryParam(parameter);
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        if (text.length() > LONGEST_TEXT) {
            throw new BadQueryException(
                    parameter + " must be at most " + LONGEST_TEXT + " characters, not " + text.length());
        }
        return text;
    }

    /** What was asked for is not asked rightly: HTTP 400, with the sentence. */
    static final class BadQueryException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String sentence;

        BadQueryException(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }
    }
}
