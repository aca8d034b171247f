package io.headwater.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.api.AdminRoutes.BadQueryException;
import java.util.ArrayList;
import java.util.List;

/** Whose rows a request asks to erase, in its body and not in its address, which ends up in logs. */
final class Owners {
    /** What is read in part would erase a part, and say that it was all. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final int MOST = 10_000;
    private static final int LONGEST = 1_000;
    private static final String FORM = "the body must be {\"owners\": [\"...\"]}, with 1 to " + MOST + " texts of 1 to "
            + LONGEST + " characters; ";

    private Owners() {}

    /** @throws BadQueryException if the body is something else; its sentence names no owner */
    static List<String> read(String body) {
        JsonNode list = parse(body).path("owners");
        if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
            throw new BadQueryException(
                    FORM + (list.isArray() ? "there are " + list.size() : "there is no list of owners"));
        }
        List<String> owners = new ArrayList<>(list.size());
        for (JsonNode owner : list) {
            String text = owner.asText();
            if (!owner.isTextual() || text.isEmpty() || text.length() > LONGEST) {
                throw new BadQueryException(FORM + "number " + (owners.size() + 1) + " is not");
            }
            owners.add(text);
        }
        return owners;
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadQueryException(FORM + "it is no JSON, names something twice or goes on behind it");
        }
    }
}
