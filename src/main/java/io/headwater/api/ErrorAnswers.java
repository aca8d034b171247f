package io.headwater.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every answer that no route gave: one JSON sentence. */
final class ErrorAnswers implements ServerErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final String PATHS = "/metrics, /v2, /v2/health/live, /v2/health/ready, /v2/models/NAME,"
            + " /v2/models/NAME/ready and"
            + " /admin/models/NAME/versions|audit|promote|rollback|approve|reject|pin|unpin|erase";

    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        if (cause instanceof HttpStatusException refused) {
            return sentence(refused.httpStatus(), context.method() + " " + context.path())
                    .toHttpResponse();
        }
        LOG.atError()
                .setMessage("a request failed")
                .addKeyValue("method", context.method())
                .addKeyValue("path", context.path())
                .setCause(cause)
                .log();
        return Json.error(HttpStatus.INTERNAL_SERVER_ERROR, context.path() + " failed; the log says why")
                .toHttpResponse();
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext context,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        return sentence(status, headers == null ? "the request" : headers.method() + " " + headers.path());
    }

    @Override
    public AggregatedHttpResponse onProtocolViolation(
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        return Json.error(status, "the request is no proper HTTP: " + description);
    }

    private static AggregatedHttpResponse sentence(HttpStatus status, String request) {
        String sentence;
        if (status.equals(HttpStatus.NOT_FOUND)) {
            sentence = "there is no " + request + "; there are " + PATHS;
        } else if (status.equals(HttpStatus.METHOD_NOT_ALLOWED)) {
            sentence = request + " is not allowed; what changes a version, and erase, take POST, all other paths GET";
        } else {
            sentence = request + " was refused: " + status.reasonPhrase();
        }
        return Json.error(status, sentence);
    }
}
