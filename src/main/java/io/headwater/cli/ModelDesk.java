package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.RegistryException;
import io.headwater.registry.ServiceAddress;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the versions of a model are looked at and chosen: its store, or the service that has the store open. */
sealed interface ModelDesk extends AutoCloseable {
    ObjectMapper JSON = new ObjectMapper();

    ObjectNode list();

    ObjectNode show(@Nullable Long version);

    /** @param how promote or rollback */
    ObjectNode choose(String how, @Nullable Long version, String why);

    @Override
    void close();

    /** The store if nobody has it open, else the running service. */
    static ModelDesk open(Path root, String model) {
        if (!Files.isDirectory(root.resolve(model))) {
            throw new CommandFailedException("there is no model '" + model + "' in " + root);
        }
        try {
            return new Store(VersionStore.open(root, model, Integer.MAX_VALUE));
        } catch (RegistryException inUse) {
            Optional<URI> service = ServiceAddress.read(root);
            if (service.isEmpty()) {
                throw new CommandFailedException(String.valueOf(inUse.getMessage()), inUse);
            }
            return new Service(service.get(), model);
        }
    }

    /** The store itself. */
    record Store(VersionStore store) implements ModelDesk {
        @Override
        public ObjectNode list() {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode versions = answer.putArray("versions");
            long served = store.served().orElse(0);
            for (long number : store.numbers()) {
                ObjectNode entry = JSON.valueToTree(store.manifest(number));
                versions.add(entry.put("serves", number == served));
            }
            return answer;
        }

        @Override
        public ObjectNode show(@Nullable Long version) {
            return JSON.valueToTree(store.manifest(version == null ? newest() : version));
        }

        @Override
        public ObjectNode choose(String how, @Nullable Long version, String why) {
            boolean back = how.equals("rollback");
            long chosen = version != null ? version : back ? previous() : newest();
            store.choose(
                    chosen,
                    System.getProperty("user.name", "operator"),
                    back ? AuditRecord.Action.ROLL_BACK : AuditRecord.Action.PROMOTE,
                    why,
                    Clock.systemUTC().millis());
            return JSON.createObjectNode().put("version", chosen);
        }

        private long previous() {
            return store.previous()
                    .orElseThrow(() ->
                            new CommandFailedException("no version served before this one; name one with --version"));
        }

        private long newest() {
            List<Long> numbers = store.numbers();
            if (numbers.isEmpty()) {
                throw new CommandFailedException("the model has no version yet");
            }
            return numbers.get(numbers.size() - 1);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** A running service's admin calls. */
    record Service(URI address, String model) implements ModelDesk {
        private static final Duration PATIENCE = Duration.ofSeconds(10);

        @Override
        public ObjectNode list() {
            return ask("GET", "versions");
        }

        @Override
        public ObjectNode show(@Nullable Long version) {
            JsonNode versions = list().path("versions");
            for (int i = versions.size() - 1; i >= 0; i--) {
                if (version == null || versions.get(i).path("version").asLong() == version) {
                    return (ObjectNode) versions.get(i);
                }
            }
            throw new CommandFailedException("model '" + model + "' has no version " + version);
        }

        @Override
        public ObjectNode choose(String how, @Nullable Long version, String why) {
            String query = "?why=" + URLEncoder.encode(why, StandardCharsets.UTF_8)
                    + "&who="
                    + URLEncoder.encode(System.getProperty("user.name", "operator"), StandardCharsets.UTF_8)
                    + (version == null ? "" : "&version=" + version);
            return ask("POST", how + query);
        }

        private ObjectNode ask(String method, String path) {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/admin/models/" + model + "/" + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(PATIENCE)
                    .build();
            try {
                HttpResponse<String> response =
                        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                ObjectNode body = (ObjectNode) JSON.readTree(response.body());
                if (response.statusCode() >= 300) {
                    throw new CommandFailedException(body.path("error").asText(response.body()));
                }
                return body;
            } catch (IOException | ClassCastException e) {
                throw new CommandFailedException(
                        "the service at " + address + " does not answer: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException("interrupted", e);
            }
        }

        @Override
        public void close() {}
    }
}
