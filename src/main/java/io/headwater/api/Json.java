package io.headwater.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;

/** Answers as JSON objects; one that reports a failure has the one key {@code error}, a sentence. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ObjectNode objectOf(Object value) {
        return MAPPER.valueToTree(value);
    }

    static AggregatedHttpResponse ok(JsonNode body) {
        return answer(HttpStatus.OK, body);
    }

    static AggregatedHttpResponse error(HttpStatus status, String sentence) {
        return answer(status, object().put("error", sentence));
    }

    static AggregatedHttpResponse answer(HttpStatus status, JsonNode body) {
        try {
            return AggregatedHttpResponse.of(
                    status, MediaType.JSON_UTF_8, HttpData.wrap(MAPPER.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
