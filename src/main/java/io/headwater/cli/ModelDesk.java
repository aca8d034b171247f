package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.cli.ModelsCommand.Action;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the versions of a model are looked at, chosen and pinned: its store, or the service that has the store open. */
sealed interface ModelDesk extends AutoCloseable {
    ObjectMapper JSON = new ObjectMapper();

    ObjectNode list();

    ObjectNode show(@Nullable Long version);

    /** Promotes, rolls back, pins or unpins. */
    ObjectNode change(Action how, @Nullable Long version, String why);

    /** Who did what, oldest first. */
    ObjectNode audit();

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
            Set<Long> pinned = store.pinned();
            for (long number : store.numbers()) {
                ObjectNode entry = JSON.valueToTree(store.manifest(number));
                versions.add(entry.put("serves", number == served).put("pinned", pinned.contains(number)));
            }
            return answer;
        }

        @Override
        public ObjectNode show(@Nullable Long version) {
            return JSON.valueToTree(store.manifest(version == null ? newest() : version));
        }

        @Override
        public ObjectNode change(Action how, @Nullable Long version, String why) {
            String who = System.getProperty("user.name", "operator");
            long nowMs = Clock.systemUTC().millis();
            long chosen = version != null ? version : usual(how);
            switch (how) {
                case promote -> store.choose(chosen, who, AuditRecord.Action.PROMOTE, why, nowMs);
                case rollback -> store.choose(chosen, who, AuditRecord.Action.ROLL_BACK, why, nowMs);
                case pin -> store.pin(chosen, who, why, nowMs);
                case unpin -> store.unpin(chosen, who, why, nowMs);
                default -> throw new IllegalArgumentException(how + " changes nothing");
            }
            return JSON.createObjectNode().put("version", chosen);
        }

        private long usual(Action how) {
            return switch (how) {
                case rollback -> previous();
                case pin, unpin -> store.served().orElseGet(this::newest);
                default -> newest();
            };
        }

        @Override
        public ObjectNode audit() {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode records = answer.putArray("audit");
            store.audit().forEach(record -> records.add(JSON.<ObjectNode>valueToTree(record)));
            return answer;
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
        public ObjectNode change(Action how, @Nullable Long version, String why) {
            String query = "?why=" + URLEncoder.encode(why, StandardCharsets.UTF_8)
                    + "&who="
                    + URLEncoder.encode(System.getProperty("user.name", "operator"), StandardCharsets.UTF_8)
                    + (version == null ? "" : "&version=" + version);
            return ask("POST", how + query);
        }

        @Override
        public ObjectNode audit() {
            return ask("GET", "audit");
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
